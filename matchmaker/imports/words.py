"""Every word of the import that people see, by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.imports.models import ImportState

PRESET_NAMES: Mapping[str, Any] = {
    "unified": _l("Elenco unificato del Piemonte"),
    "ipa": _l("Indice delle pubbliche amministrazioni (IPA)"),
    "5x1000": _l("Elenco del 5 per mille"),
    "firms": _l("Elenco di imprese"),
}
FIELD_NAMES: Mapping[str, Any] = {
    "source": _l("Fonte"),
    "name": _l("Nome"),
    "type_guess": _l("Tipo presunto"),
    "sector": _l("Settore"),
    "tax_code": _l("Codice fiscale"),
    "vat_number": _l("Partita IVA"),
    "ipa_code": _l("Codice IPA"),
    "ipa_category": _l("Categoria IPA"),
    "categories": _l("Categorie del 5 per mille"),
    "municipality": _l("Comune"),
    "province": _l("Provincia"),
    "istat": _l("Codice ISTAT"),
    "address": _l("Indirizzo"),
    "postcode": _l("CAP"),
    "website": _l("Sito web"),
    "email": _l("Posta elettronica"),
    "size_class": _l("Classe dimensionale"),
    "description": _l("Descrizione"),
}
STATE_NAMES: Mapping[ImportState, Any] = {
    ImportState.TRYING: _l("in prova"),
    ImportState.TRIED: _l("provato, da confermare"),
    ImportState.LOADING: _l("in caricamento"),
    ImportState.LOADED: _l("caricato"),
    ImportState.REFUSED: _l("rifiutato"),
    ImportState.FAILED: _l("interrotto"),
}
FILE_REFUSALS: Mapping[str, Any] = {
    "empty": _l("Il file è vuoto."),
    "no_rows": _l("Il file ha l’intestazione ma nessuna riga."),
    "too_large": _l("Il file supera %(megabytes)s MB: dividetelo in più file."),
    "too_many_rows": _l("Il file ha più di %(most)s righe: dividetelo in più file."),
    "too_many_columns": _l("Il file ha più di %(most)s colonne."),
    "utf16": _l("Il file è scritto in UTF-16: salvatelo in UTF-8."),
    "encoding": _l("La codifica del file non si capisce dalla riga %(line)s in poi: salvatelo in UTF-8."),
    "not_a_table": _l("Non è un foglio di dati: servono un CSV o un XLSX."),
    "old_excel": _l("È un vecchio file Excel (.xls): salvatelo come .xlsx o CSV."),
    "damaged": _l("Il foglio XLSX è danneggiato e non si apre: salvatelo di nuovo."),
    "encrypted": _l("Il foglio XLSX è protetto da password: salvatelo senza."),
    "bomb": _l(
        "Il file XLSX, una volta aperto, sarebbe enorme (oltre %(megabytes)s MB, o compresso in modo "
        "anomalo): non viene aperto."
    ),
    "missing_columns": _l("Letto come «%(preset)s», al file mancano queste colonne: %(columns)s."),
    "duplicate_columns": _l("Due colonne dicono la stessa cosa: %(columns)s. Toglietene una."),
    "strict": _l("Righe rifiutate: %(refused)s. Con --strict non si carica nulla finché ce n’è una."),
}
CELL_PROBLEMS: Mapping[str, Any] = {
    "cell_count": _l("la riga ha più o meno celle dell’intestazione"),
    "broken_quotes": _l("le virgolette della riga non si chiudono"),
    "formula": _l("la cella contiene una formula: scrivetene il risultato"),
    "error_value": _l("la cella contiene un errore del foglio di calcolo"),
    "too_long": _l("il testo è troppo lungo"),
    "shapeless_signs": _l("il testo contiene caratteri di controllo o illeggibili"),
    "empty": _l("la cella è vuota"),
    "no_letters": _l("«%(value)s» non è un nome: non ha lettere"),
    "tax_code": _l("«%(value)s» non è un codice fiscale valido"),
    "vat_number": _l("«%(value)s» non è una partita IVA valida"),
    "ipa_code": _l("«%(value)s» non può essere un codice IPA"),
    "no_code": _l("manca un codice (fiscale, partita IVA o IPA) per riconoscere l’ente"),
    "province": _l("«%(value)s» non è una provincia"),
    "istat": _l("«%(value)s» non è un codice ISTAT di comune"),
    "place_contradiction": _l("il codice ISTAT «%(value)s» è di un altro comune o di un’altra provincia"),
    "other_province": _l(
        "il codice fiscale «%(value)s» è stato rilasciato in un’altra provincia: è di un comune omonimo"
    ),
    "website": _l("«%(value)s»: sono ammessi solo indirizzi http e https"),
    "unusable_website": _l("«%(value)s» non è un indirizzo web: lasciato vuoto"),
    "unusable_email": _l("«%(value)s» non è un indirizzo di posta: lasciato vuoto"),
    "size_class": _l("«%(value)s» non è una classe dimensionale"),
    "sector": _l("«%(value)s» non è un settore conosciuto"),
    "duplicate_row": _l("lo stesso ente è già alla riga %(value)s del file"),
    "codes_of_two_bodies": _l("il codice fiscale e il codice IPA sono di due enti diversi"),
    "other_code": _l("«%(value)s» contraddice il codice che l’ente ha già nell’elenco"),
    "demo_body": _l("«%(value)s» è il codice di un ente inventato della dimostrazione"),
}
NOTICE_DETAILS: Mapping[str, Any] = {
    "same_name": _l("stesso nome nello stesso comune"),
    "same_seat": _l("stessa forma nello stesso comune"),
    "similar_name": _l("nome molto simile nello stesso comune"),
    "unbalanced": _l("virgolette o parentesi che non si chiudono"),
    "lost_sign": _l("una lettera si è persa"),
    "cut": _l("il nome finisce a metà"),
    "followed_by": _l("oggi: %(value)s"),
    "form_abolished": _l("forma soppressa per legge"),
    "municipality_ended": _l("comune confluito in quello di %(value)s"),
}
COUNT_NAMES: Mapping[str, Any] = {
    "rows": _l("Righe"),
    "created": _l("Nuovi"),
    "updated": _l("Cambiati"),
    "unchanged": _l("Uguali"),
    "refused": _l("Rifiutate"),
    "left_out": _l("Celle lasciate vuote"),
}
