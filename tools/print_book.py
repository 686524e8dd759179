"""The book to take away: one PDF for each chapter, printed by the installed Chromium, with still pictures for widgets.

    python tools/print_book.py _build/html _build/pdf
"""

import sys
from pathlib import Path

from chromium import CHROMIUM, MISSING
from playwright.sync_api import sync_playwright

FOOTER = ('<div style="font-size:8px;width:100%;text-align:center;color:#555">'
          '<span class="pageNumber"></span> / <span class="totalPages"></span></div>')


def main(site, target):
    if CHROMIUM is None:
        sys.exit(MISSING)
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page(color_scheme="light")
        for page in [site / "index.html", *sorted(site.glob("chapters/*.html")), site / "glossary.html"]:
            tab.goto(page.resolve().as_uri(), wait_until="load")
            tab.evaluate("[...document.images].forEach(img => img.loading = 'eager')")
            tab.wait_for_function("[...document.images].every(img => img.complete)")
            tab.pdf(path=target / f"{page.stem}.pdf", format="A4", print_background=True, display_header_footer=True,
                    header_template="<span></span>", footer_template=FOOTER,
                    margin={"top": "15mm", "bottom": "18mm", "left": "15mm", "right": "15mm"})
            print(target / f"{page.stem}.pdf")
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
