"""The one thing setup.cfg cannot say: templates/ travels as matchmaker/templates (docs/adr/0004)."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["graph*", "recommender*", "matchmaker*"]), "matchmaker.templates"],
    package_dir={"matchmaker.templates": "templates"},
)
