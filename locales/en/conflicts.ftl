conflicts-look = Take a look
conflicts-look-event = There are conflicts about this evening: take a look
conflicts-eyebrow = Needs a look
conflicts-title = Conflicts
conflicts-what = When two people edit one evening at once, the later edit stays. Here is what it displaced.
conflicts-field = Field
conflicts-holds = Stays
conflicts-lost = Displaced
conflicts-seen = Seen, put away
conflicts-closings =
    { $n ->
        [one] Two people closed this evening: there is { $n } more closing. The earlier one stands; a new closing made on a phone can replace it.
       *[other] Several people closed this evening: there are { $n } more closings. The earliest one stands; a new closing made on a phone can replace it.
    }
conflicts-empty = There are no conflicts.
