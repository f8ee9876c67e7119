"""The passwords that everybody tries first, ten characters or more, and the words they are made of.

Collected by hand from what published yearly rankings of leaked passwords have in common,
world-wide and Italian; lower case and without accents.
"""

from __future__ import annotations

COMMON_WORDS = frozenset(
    """
    password passwort passw pass passo parola parolachiave chiave segreto segreta secret admin
    administrator amministratore root user utente login guest ospite test prova demo welcome benvenuto
    benvenuti benvenuta qwerty qwertyuiop qwertyui qwert asdfgh asdfghjkl zxcvbn zxcvbnm azerty qazwsx
    qazwsxedc abc abcd abcde abcdef letmein iloveyou tiamo amoremio amore princess principessa sunshine
    monkey dragon master shadow superman batman football calcio baseball michael jordan hello ciao
    ciaociao buongiorno trustno starwars pokemon computer internet juventus juve forzajuve inter
    forzainter milan forzamilan napoli forzanapoli roma forzaroma torino forzatoro ferrari lamborghini
    italia italiano piemonte milano firenze andrea francesco francesca alessandro alessandra giuseppe
    giovanni antonio antonella marco matteo lorenzo davide federico federica valentina martina chiara
    simone stefano stefania roberto roberta daniele daniela giulia angela luca paolo claudia claudio
    maria cooperativa comune associazione consorzio wecare matchmaker progetto cambiami change changeme
    temporanea gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre
    dicembre primavera estate autunno inverno natale vacanze famiglia stellina tesoro angelo cucciolo
    """.split()
)

COMMON_PASSWORDS = frozenset(
    """
    1234567890 0123456789 0987654321 9876543210 12345678910 123456789a 123456789q 1234567891 a123456789
    q123456789 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6 1qaz2wsx3edc zaq12wsxcde 1qazxsw23edc
    zaq1xsw2cde3 qazwsxedcrfv qwerty12345 qwerty123456 qwertyuiop1 asdfghjkl1 asdf123456 zxcvbnm123
    123qweasdzxc qweasdzxc123 123456qwerty qweqweqwe1 qwer1234qwer asd123asd123 abc123abc123
    123abc456def abcd123456 abcdef123456 a1b2c3d4e5 a1s2d3f4g5 passwordpassword adminadmin administrator
    letmeinplease iloveyou12 iloveyouso ihateyou123 mypassword mypassword1 lamiapassword miapassword
    nuovapassword passwordsicura passworddifficile nonlosoancora nonloricordo trustno1trustno1
    correcthorsebatterystaple thisisapassword forzajuventus juventus1897 juventusfc acmilan1899
    intermilan1908 asroma1927 sslazio1900 napolicalcio torinofc1906 amoremiotiamo tiamoamore tiamotanto
    mannaggia1 superpassword metallica1 spongebob1 harrypotter harrypotter1 gianluigibuffon
    roberto.baggio manchesterunited barcelona10 realmadrid10 cristiano7 cristianoronaldo messi10messi
    liverpool1 chelsea123 arsenal123
    """.split()
)
