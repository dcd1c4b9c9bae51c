"""The colours of everything that is drawn, with matplotlib or as SVG."""

BLUE, PALE, PALER = "#0B4F8A", "#86B3DB", "#CFE1F2"  # the scenario asked for: solid and filled
RUST = "#B5471B"  # what it is held against: dashed and outlined
GOLD, INK, GREY, HAIR = "#F5B700", "#1A1A1A", "#5F6368", "#D9DCE0"
GREEN, OCHRE = "#1B9E77", "#D9A400"
