"""How the admin looks; its order of pages is in config/admin_site.py."""

UNFOLD = {
    "SITE_TITLE": "Reveni",
    "SITE_HEADER": "Reveni",
    "SITE_SUBHEADER": "Returns and refunds",
    "SITE_SYMBOL": "package_2",
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": False,
}
