# SPDX-License-Identifier: MIT
"""Sphinx configuration: make docs"""

project = "VDC"
author = "The VDC developers"
copyright = "the VDC developers"

exclude_patterns = []
highlight_language = "none"
html_theme = "alabaster"
html_theme_options = {
    "description": "A virtual display controller and its Linux stack",
    "fixed_sidebar": True,
    "page_width": "1080px",
}
html_show_sourcelink = False
