settings-title = Settings
settings-language = Language
settings-membership = This phone
settings-storage = Storage
settings-persisted = The browser has promised not to delete the data.
settings-not-persisted = The browser has not promised to keep the data: when space runs short it may delete it. It is safer to install the app and to connect soon.
settings-persist-unknown = We will ask the browser to keep the data at the first tap.
settings-persist-ask = Ask again
settings-used = { $used } used of the { $quota } available.
settings-names =
    { $n ->
        [one] { $n } name on the list.
       *[other] { $n } names on the list.
    }
settings-no-names = The list of names is not here yet.
settings-install = Install the app
settings-install-lead = It then opens from the home screen, and keeps data more safely.
settings-install-by-hand = Tap “Share”, then “Add to Home Screen”.
settings-version = Version { $version }
settings-leave = Leave and clear this phone
settings-leave-lead = Deletes everything from this phone: counts, the list of names, the access to the server. What is at the server stays there.
settings-leave-unsent =
    { $n ->
        [one] { $n } tap is not at the server yet and would be lost for good. Let it be sent first, or save a file.
       *[other] { $n } taps are not at the server yet and would be lost for good. Let them be sent first, or save a file.
    }
settings-leave-ask = Delete everything from this phone?
settings-leave-confirm = Yes, delete everything
settings-leave-lose = Delete, and lose what is unsent
settings-safety = Safety
settings-guarded = This phone is locked by a passphrase.
settings-safety-open = Passphrase, locking, wiping
settings-keys = Keyboard
settings-keys-count = Count with single keys: +, −, N and /
settings-keys-lead = Switch it off if you speak to the phone, or hit keys by accident. Ctrl+Z always works.
