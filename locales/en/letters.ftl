letters-title = Written to
letters-kind = What was written
letters-search = Part of the person’s name
letters-clear = Clear
letters-no-name = No name
letters-no-name-add = Add without a name
letters-none = Nobody of that name is on the list. You can count it under “no name”.
letters-no-register = The list of names is not here yet: it comes with the first connection. Count under “no name” for now.
letters-found =
    { $n ->
        [one] { $n } person found
       *[other] { $n } people found
    }
letters-born = born { $year }
letters-already = already { $n }
letters-origin = Where it comes from
letters-origin-here = Written here
letters-origin-brought = Brought finished
letters-origin-relayed = Passed on by others
letters-lines = Counted on this phone
letters-lines-empty = The people you count letters to will appear here.
letters-more = One more: { $name }
letters-less = One less: { $name }
letters-unknown-person = Somebody on the list ({ $id })
letters-status-released = released

kind-letter = Letter
kind-card = Card
kind-handmade = Handmade
