parcels-title = Hand in a parcel
parcels-lead = A phone that has long had no network makes the file with the parcel (parcel-….age). Nobody can read or change it; hand it in as often as you like: nothing is counted twice.
parcels-file = File with the parcel
parcels-submit = Hand in
parcels-nobody = No need to sign in. The server does not note who hands a parcel in.
parcels-taken = Received.
parcels-stored =
    { $n ->
        [one] { $n } record of the parcel is at the server.
       *[other] { $n } records of the parcel are at the server.
    }
parcels-refused =
    { $n ->
        [one] { $n } record was refused; the phone that made it will hear why.
       *[other] { $n } records were refused; the phone that made them will hear why.
    }
parcels-problem-unreadable = This is not a parcel for this server, or it was damaged on the way.
parcels-problem-distrusted = The phone that made this parcel is not known to this server, or was revoked.
parcels-problem-too-large = The file is too large for a parcel.
