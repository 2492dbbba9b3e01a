package separate

// The weights of evidence are log-odds. Beside each stands what TestWeights measures on the stacks of tuned papers: the
// logarithm of how much likelier the evidence is where a paper begins than within one (n: never seen there, so a bound
// only; j: by judgement, those papers do not show it). The parts of a head come together, so adding up what each shows
// by itself would count them twice: each has less, so that no part by itself makes a cut, the title of the state and one
// that names the paper do, and letters and papers without a state need three or four.
const (
	weightNothing = -2.2 // odds of 1 to 9: a page follows its forerunner more often than it begins a paper

	// Heads.
	weightNational  = 4.5  // 4.0: annexes have it too, and their own evidence
	weightRepublic  = 3.0  // 4.4 n
	weightAgency    = 1.2  // 3.5
	weightNumbered  = 1.0  // 6.1 n
	weightDated     = 1.2  // 2.8
	weightSubject   = 2.0  // 5.1 n
	weightGreeting  = 1.5  // 6.0 n
	weightAddress   = 1.0  // 4.9 n
	weightSender    = 1.0  // j
	weightForm      = 1.0  // 4.4 n
	weightAttached  = 0.5  // -2.9 n, of a regulation or plan: mostly annexes; such papers exist
	weightOfficial  = 1.0  // 5.9 n, but the same words announce the ruling on a later page
	weightPaper     = 2.9  // 6.7 n
	weightAside     = 2.4  // j; a French or English title off the middle, or the title of the paper before once more
	weightKind      = 3.5  // j; times the kind's score, in place of the title's
	weightRunningTo = -1.5 // j; the paper's title in the margin
	weightCover     = -7.0 // j; the title of the cover before

	// Page numbers.
	weightContinues = -6.0 // -4.3 n; n+1 after n
	weightPlace     = -5.0 // j; n on the n-th page of a paper that was not numbered so far
	weightLater     = -2.5 // j; n above 1, whatever came before
	weightRestarts  = 0.8  // 0.6; 1 after n
	weightComplete  = 0.5  // with 1 after it -0.9, annexes; without a number 5.4 n; N of N before
	weightUnended   = -2.0 // j; n of N before, n less than N

	// Annexes and cards.
	weightAnnex       = -7.0 // -5.0 n
	weightTitled      = -5.0 // j; PHỤ LỤC over a national title, with nothing that it hangs on
	weightForeignForm = -3.0 // j; an application that was published with a decision, which need not be the paper before
	weightSide        = -7.0 // -3.5 n

	// Text.
	weightSentence = -3.0 // -5.0 n; goes on within a sentence
	weightLower    = -1.5 // -2.2 n; begins with a small letter, after an end of sentence
	weightClosed   = 0.7  // 0.4; the page before ends as papers do

	// Running heads.
	weightSameRunning  = -2.0 // -3.3 n
	weightKnownRunning = -3.0 // -3.4 n; one that two pages of the paper had
	weightLostRunning  = 1.0  // 1.1
	weightSameSymbol   = -3.0 // -4.1 n
	weightOtherSymbol  = 1.8  // 3.0 n

	// The paper itself: never enough by themselves.
	weightSize     = 0.8 // j; the made papers are all of one size
	weightDPI      = 0.4 // j
	weightLanguage = 0.8 // 5.5 n
	weightBlank    = 0.3 // 0.3

	weightFile = 5.0 // j; by the caller's option

	// The most that the sum may come to: of pages with marks of an annex, a number above 1, a paper before that is not at
	// its end, or a head without a title, proposed at best; where nothing but the paper itself speaks for a cut, or what
	// a page hangs on is told, not even that.
	mostOfDoubt = 2.0
	silent      = -0.05

	sureKind      = 0.8   // score of a kind from which it names the paper as well as a title does
	maxConfidence = 0.995 // of what is not certain
)
