"""Bytes and header words of a message as text that is safe to show: never an error, whatever came."""

import codecs
import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header

# What mail is written in. Python knows more codecs, some of them slow or strange when fed with hostile bytes.
_KNOWN = """
ascii utf-8 utf-16 utf-16-le utf-16-be cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp437 cp850 cp866
cp932 cp949 cp950 koi8-r koi8-u gb2312 gbk gb18030 big5 shift_jis euc_jp euc_kr iso2022_jp mac-roman tis-620 iso8859-1
iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14
iso8859-15 iso8859-16
"""
CHARSETS = frozenset(_KNOWN.split())
# Names that people's programs use and Python does not know, and a name that nearly always means its big sister.
ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-8-i": "iso8859-8",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "ansi_x3.110-1983": "cp1252",
    "unicode-1-1-utf-8": "utf-8",
}
MOST_HEADER = 2000
# Controls but tab and line feed, and marks that nobody sees or that turn the direction of what follows.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_BLANK_LINES = re.compile(r"\n[ \t\u00a0]*(?:\n[ \t\u00a0]*){2,}")


def decode(data: bytes, charset: str = "") -> str:
    """Bytes as text: by the charset they claim where that fits, else by UTF-8, else as an old Western PC would."""
    name = charset.strip().strip("\"'").casefold()
    name = ALIASES.get(name, name)
    if name:
        try:
            known = codecs.lookup(name).name
        except (LookupError, ValueError):
            known = ""
        if known in CHARSETS:
            try:
                return data.decode(known)
            except (UnicodeError, ValueError):
                pass
    try:
        return data.decode("utf-8")
    except UnicodeError:
        return data.decode("cp1252", "replace")


def clean(text: str) -> str:
    """Text composed, with line ends alike, without marks that nobody sees, without long empty stretches."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", plain))
    return _BLANK_LINES.sub("\n\n", plain).strip()


def header_text(raw: object) -> str:
    """A header's value as one line of text, its encoded words read. Never raises; cut at MOST_HEADER characters."""
    value = str(raw)[: MOST_HEADER * 4]
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        pieces = [(value, None)]
    said = ""
    for piece, charset in pieces:
        if isinstance(piece, bytes):
            said += decode(piece, charset or "")
        else:
            # Bytes that are no ASCII came through as lone surrogates.
            said += decode(piece.encode("utf-8", "surrogateescape")) if _is_torn(piece) else piece
    return " ".join(clean(said).split())[:MOST_HEADER]


def _is_torn(text: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in text)
