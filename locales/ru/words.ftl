# Слова, которые нужны в разных падежах: { -political-prisoners(case: "dative") }.
-political-prisoners =
    { $case ->
       *[nominative] политзаключённые
        [genitive] политзаключённых
        [dative] политзаключённым
        [accusative] политзаключённых
        [instrumental] политзаключёнными
        [prepositional] политзаключённых
    }
