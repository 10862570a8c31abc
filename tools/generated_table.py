"""Puts a table that the program tells of itself into a page of docs/, between two marks."""
import pathlib
import sys

DOCS = pathlib.Path(__file__).resolve().parent.parent / "docs"


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def table(head, rows):
    return row(head) + "|" + "---|" * len(head) + "\n" + "".join(row(cells) for cells in rows)


def run(arguments, page_name, make_tables):
    """`TOOL LEVEE` writes the page, `TOOL --check LEVEE` answers 1 if it says something else.

    make_tables(LEVEE) gives a table for each mark: the page has `<!-- MARK: begin -->` and `<!-- MARK: end -->`.
    """
    page, levee = DOCS / page_name, str(pathlib.Path(arguments[-1]).resolve())
    text = wanted = page.read_text(encoding="utf-8")
    for mark, lines in make_tables(levee).items():
        begin, end = f"<!-- {mark}: begin -->\n", f"<!-- {mark}: end -->\n"
        head, rest = wanted.split(begin)
        wanted = head + begin + lines + end + rest.split(end)[1]
    if arguments[:1] != ["--check"]:
        page.write_text(wanted, encoding="utf-8")
    elif text != wanted:
        print(f"{page_name} is out of date: run {sys.argv[0]} {levee}", file=sys.stderr)
        return 1
    return 0
