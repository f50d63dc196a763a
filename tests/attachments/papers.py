"""Invented papers for tests: a PDF with a text layer, a photo with place and owner, Word files."""

import io
import zipfile

from PIL import Image, ImageDraw

SECRET_WORDS = "Vu Thi Bi Mat 0912345678"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*pages: str, extra: bytes = b"", info: str = "(Vu Thi Bi Mat)") -> bytes:
    """A small PDF with a text layer of one line a page, an author and a title."""
    pages = pages or (SECRET_WORDS,)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    objects.append(f"<< /Author {info} /Title {info} /Producer (Scanner) >>".encode())
    for n, words in enumerate(pages):
        text = f"BT /F1 24 Tf 60 700 Td ({words}) Tj ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * n} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(text)} >>\nstream\n".encode() + text + b"\nendstream")
    if extra:
        objects.append(extra)
    held, places = io.BytesIO(), []
    held.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, start=1):
        places.append(held.tell())
        held.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = held.tell()
    held.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    held.writelines(f"{place:010d} 00000 n \n".encode() for place in places)
    held.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\n".encode())
    held.write(f"startxref\n{start}\n%%EOF\n".encode())
    return held.getvalue()


def photo(kind: str = "JPEG", size: tuple[int, int] = (400, 300), rotation: int = 1) -> bytes:
    """A white picture with a red corner; EXIF names the camera's owner and the place (GPS)."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill=(200, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = rotation
    exif[0x013B] = "Vu Thi Bi Mat"
    exif[0x8825] = {1: "N", 2: (21.0, 2.0, 0.0), 3: "E", 4: (105.0, 50.0, 0.0)}
    held = io.BytesIO()
    image.save(held, kind, exif=exif)
    return held.getvalue()


def archive(parts: dict[str, bytes | str], *, compress: bool = True) -> bytes:
    held = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(held, "w", method) as file:
        for name, body in parts.items():
            file.writestr(name, body)
    return held.getvalue()


CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)


def word(*paragraphs: str, **parts: bytes | str) -> bytes:
    """A DOCX with these paragraphs; ``parts`` are more entries, "/" written as "__"."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    held: dict[str, bytes | str] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "word/document.xml": (
            f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        ),
    }
    return archive(held | {name.replace("__", "/"): part for name, part in parts.items()})


def excel(*cells: str) -> bytes:
    """An XLSX with one column of inline texts."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for n, text in enumerate(cells, start=1)
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return archive(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "xl/workbook.xml": f'<workbook xmlns="{space}"/>',
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
            ),
        }
    )
