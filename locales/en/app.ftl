app-name = Otkrytka
app-back = Back
app-settings = Settings
app-loading = Opening…
app-no-storage = This browser does not let us store data (private tabs often don’t). Open the app in an ordinary tab: without storage, what you count would be lost.
app-not-found = Not found
app-not-found-lead = There is no such page here.
app-page-missing = This page is not on the phone yet, and the network does not bring it. Leave it open: it comes by itself as soon as there is a connection.
app-to-events = To the evenings
app-try-again = Try again
app-cancel = Cancel

language-ru = По-русски
language-en = In English
app-insecure = This address was opened without https, and the browser can’t encrypt anything here. Ask the coordinator for a link that begins with https://.

app-update = A new version of the app is ready. It leaves your records as they are.
app-update-apply = Update now
app-space = Only { $left } are left for this app on the phone. Free some space while counts can still be stored.
app-evicted = The browser removed everything the app had kept here. What had reached the server is still there; the rest is gone. Join again with a new invite: nothing will be counted twice.
app-unreadable = Who had joined on this phone can’t be read any more. Join again with a new invite. What was counted here is still here: afterwards the page “Delivery” shows what of it the server does not have, and saves it as a file.
app-not-done = That did not work: { $reason }. Try again.
app-taps-damaged = The last seconds of counting before this can’t be read on this phone any more: some taps may be missing. Everything from now on is counted. Compare the numbers with the room.
app-taps-damaged-known = I have compared them
app-newer-store = A newer version of this app has already stored data on this phone, and this one could spoil it. Nothing is lost. The newer version opens by itself as soon as it is fetched; if it doesn’t, connect to the network and try again.
app-other-tabs = An older version of this app is open in another tab and does not let go: it may hold steps that are not stored yet. Go there, store them and close that tab, then try again.
