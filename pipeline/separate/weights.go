package separate

// The weights of evidence are log-odds: ln(how much likelier it is at a cut than within a paper). They are
// the rounded figures of TestWeights over the stacks of tuned templates, drawn towards 0 where few pages showed the
// evidence (half a page is added to both counts), and by judgement where none did: then the comment says so.
const (
	weightNothing = -2.2 // odds of 1 to 9: a page follows its forerunner more often than it begins a paper

	// Heads.
	weightNational  = 4.5
	weightRepublic  = 3.0
	weightAgency    = 1.2
	weightNumbered  = 1.0
	weightDated     = 1.2
	weightSubject   = 2.0
	weightGreeting  = 1.5
	weightAddress   = 1.0
	weightForm      = 1.0
	weightAttached  = 0.5 // title of a regulation or plan
	weightOfficial  = 1.0
	weightPaper     = 2.9
	weightAside     = 2.4 // French and English titles off the middle; the title of the paper before once more
	weightSender    = 1.0
	weightKind      = 3.5 // times the kind's score, in place of the title's
	weightRunningTo = -1.5
	weightCover     = -7.0 // the title of the cover before; by judgement, the tuned papers have no covers

	// Page numbers.
	weightContinues = -6.0 // n+1 after n
	weightPlace     = -5.0 // n on the n-th page of a paper that was not numbered so far
	weightLater     = -2.5 // n above 1, whatever came before
	weightRestarts  = 0.8  // 1 after n
	weightComplete  = 0.5  // N of N before
	weightUnended   = -2.0 // n of N before, n less than N

	// Annexes and cards.
	weightAnnex       = -7.0
	weightTitled      = -5.0 // PHỤ LỤC over a national title, with nothing that it hangs on
	weightForeignForm = -3.0 // an application that was published with a decision, which need not be the paper before
	weightSide        = -7.0

	// Text.
	weightSentence = -3.0 // goes on within a sentence
	weightLower    = -1.5 // begins with a small letter, after an end of sentence
	weightClosed   = 0.7

	// Running heads.
	weightSameRunning  = -2.0
	weightKnownRunning = -3.0 // one that two pages of the paper had
	weightLostRunning  = 1.0
	weightSameSymbol   = -3.0
	weightOtherSymbol  = 1.8

	// The paper itself: never enough by themselves.
	weightSize     = 0.8
	weightDPI      = 0.4
	weightLanguage = 0.8
	weightBlank    = 0.3

	weightFile = 5.0 // by the caller's option

	mostOfDoubt   = 2.0   // of pages with marks of an annex, a number above 1, a paper before that is not at its end, or a head without a title
	silent        = -0.05 // the most that the sum is where nothing but the paper itself speaks for a cut
	maxConfidence = 0.995 // of what is not certain
)
