"""A window with one WebKitGTK page, controlled by WebKitWebDriver, that keeps what it stores: for Debian's own Python.

/usr/bin/python3 webkit_window.py FOLDER
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402 the versions have to be named first

folder = sys.argv[1]
manager = WebKit2.WebsiteDataManager(base_data_directory=folder, base_cache_directory=folder)
context = WebKit2.WebContext(website_data_manager=manager)
context.set_automation_allowed(True)
view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)


def take_over(_context: object, session: object) -> None:
    """Gives the driver the one page there is."""
    session.connect("create-web-view", lambda _session: view)  # type: ignore[attr-defined]


context.connect("automation-started", take_over)
window = Gtk.Window(default_width=390, default_height=844)
window.add(view)
window.show_all()
Gtk.main()
