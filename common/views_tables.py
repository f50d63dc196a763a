"""A table as a download: CSV and XLSX written while their rows are read, PDF at once."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from common.sheet_streams import csv_lines, xlsx_pieces
from common.sheets import CSV_TYPE, XLSX_TYPE
from common.table_papers import TablePaper, table_pdf

PDF_TYPE = "application/pdf"


def table_download(
    paper: TablePaper, rows: Iterable[Sequence[str]], file_format: str, stem: str
) -> HttpResponseBase:
    """The rows as ``csv``, ``xlsx`` or ``pdf`` named by ``stem``, which holds no personal data. Of
    a PDF all rows are read at once. Raises InvalidInput for too many."""
    response: HttpResponseBase
    if file_format == "pdf":
        response = HttpResponse(table_pdf(paper, rows), content_type=PDF_TYPE)
    elif file_format == "csv":
        response = StreamingHttpResponse(csv_lines(paper.columns, rows), content_type=CSV_TYPE)
    else:
        pieces = xlsx_pieces(paper.title, paper.columns, rows)
        response = StreamingHttpResponse(pieces, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{stem}.{file_format}"'
    return response
