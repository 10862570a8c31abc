"""Bar charts of measured times as SVG: one scale of decades, so that 20 us and 20 s stand on one picture."""
import math
from xml.sax.saxutils import escape

SCALE, RIGHT, ROW, TOP, FOOT = 390, 120, 26, 46, 34
LETTER = 7.2  # the width of one, at most
OWN, OTHER, INK, FAINT = "#0b7a75", "#b8bfc6", "#24292f", "#e3e6e9"
DECADES = ["1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1000 s"]


def chart(title, bars, text):
    """SVG of [(name, seconds, is Levee)], quickest first; `text` renders a time."""
    bars = sorted((bar for bar in bars if bar[1]), key=lambda bar: bar[1])
    low = math.floor(math.log10(bars[0][1] * 0.7))
    high = max(math.ceil(math.log10(bars[-1][1])), low + 1)
    bottom, left = TOP + ROW * len(bars), 24 + math.ceil(LETTER * max(len(name) for name, _, _ in bars))
    width = left + SCALE + RIGHT
    across = lambda seconds: left + (math.log10(seconds) - low) / (high - low) * SCALE
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom + FOOT}" '
             f'viewBox="0 0 {width} {bottom + FOOT}" role="img" font-family="system-ui, sans-serif" font-size="13">',
             f"<title>{escape(title)}</title>", f'<rect width="{width}" height="{bottom + FOOT}" fill="#ffffff"/>',
             label(16, 26, title, weight="600", size=15)]
    for decade in range(low, high + 1):
        x = across(10 ** decade)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{bottom}" stroke="{FAINT}"/>')
        parts.append(label(x, bottom + 20, DECADES[decade + 6], anchor="middle", size=11))
    for place, (name, seconds, own) in enumerate(bars):
        y, end = TOP + ROW * place, across(seconds)
        parts.append(label(left - 10, y + 16, name, anchor="end", weight="600" if own else "400"))
        parts.append(f'<rect x="{left}" y="{y + 3}" width="{end - left:.1f}" height="{ROW - 8}" rx="2" '
                     f'fill="{OWN if own else OTHER}"/>')
        parts.append(label(end + 8, y + 16, text(seconds), weight="600" if own else "400"))
    return "\n".join([*parts, "</svg>", ""])


def label(x, y, text, anchor="start", weight="400", size=13):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}" '
            f'fill="{INK}">{escape(text)}</text>')
