conflicts-look = Conflicts
conflicts-look-event = This evening has conflicts: settle them
conflicts-eyebrow = Needs attention
conflicts-title = Conflicts
conflicts-what = When two people edit one evening at the same time, the later edit stays, and the value it pushed out is shown here. The chapter’s coordinator chooses which is right.
conflicts-holds = Stays
conflicts-lost = Displaced
conflicts-closings =
    { $n ->
        [one] This evening was closed { $n } time. Which numbers are right?
       *[other] This evening was closed { $n } times. Which numbers are right?
    }
conflicts-empty = There are no conflicts.
