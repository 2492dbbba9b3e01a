// Package separate tells where in a stack of pages one paper ends and the next begins, and where one dossier ends.
//
// It owns the judgement: what was read on the pages becomes evidence for and against a cut, the evidence is added up, and
// what is sure is cut, what is likely is proposed to a person, and the rest is left together. Each cut carries its
// reasons. It leaves to its caller what a symbol means (Page.Marker, Page.Code), which kind a form title belongs to
// (Page.Kind), and what is done with a proposal. It opens no file and knows no catalogue.
//
// Evidence is added in log-odds: the confidence of a cut is 1/(1+exp(-sum)), where sum begins with the weight of knowing
// nothing (weights.go says where each figure comes from). Some evidence holds the sum back as well, whatever speaks for a
// cut: an annex, or a page that calls itself the second, is never cut off. A slip, a separator sheet and a dossier code
// that changes are not weighed: they are certain. Only these part dossiers; a head parts papers of one dossier, and proposes
// another dossier where somebody else applies. Names are compared and never given as reasons.
//
// What proves it: stacks of papers that were made, scanned and read once (testdata/stacks), most of them of templates that no
// weight was set by, and two real notices of the shared corpus.
package separate

import (
	"cmp"
	"iter"

	"github.com/dossierd/dossierd/dossier"
)

// Page is one page of a stack with what its symbols and its form title say.
type Page struct {
	*dossier.Page        // as it was read; nil for a page of which nothing is known
	Deposit       string // id of the file that the page came in
	Marker        Marker // what the page is for, by a symbol on it
	Code          string // the dossier code that a symbol on it tells; "" for none
	// Kind is the kind whose title stands on this page, "" for none, and KindScore how sure that is, 0..1. A kind that is
	// told by the head alone, as that of any official document, is none here: the head is weighed already.
	Kind      string
	KindScore float64
}

// Marker says that a page is a sheet that parts others.
type Marker int

// The markers.
const (
	MarkerNone      Marker = iota
	MarkerSlip             // a cover slip: a dossier begins, with the page's Code if it has one
	MarkerSeparator        // a separator sheet: a dossier begins
	MarkerDocument         // a separator sheet: a paper of the same dossier begins
)

// Options is how sure a cut must be, and what is known of the stack. The zero value is what most stations want.
type Options struct {
	CutAt     float64 // confidence from which a cut is made, 0..1; 0.9 where 0
	ProposeAt float64 // confidence from which one is proposed, 0..1; 0.5 where 0
	// FilesAreDocuments says that a file usually holds a whole paper, as in a folder that a person filled. Where false, a
	// new file says nothing: some scanners write a file for each page.
	FilesAreDocuments bool
	KeepSheets        bool // slips and separator sheets stay in the rendition, each as a paper of its own
	// PapersNameDossiers says that a paper belongs to the dossier it names, and where it names none, not to that of the paper
	// before it: results of several dossiers in one stack. What lies behind a slip with a code is the slip's all the same.
	PapersNameDossiers bool
}

func (opt Options) cutAt() float64 { return cmp.Or(opt.CutAt, 0.9) }

// Plan is what became of a stack. Each page of it is in exactly one document, or among what one dossier leaves out.
// All page numbers are places in the stack, from 1.
type Plan struct {
	Cuts     []dossier.Cut // made and proposed, by page, at the same page the document before the dossier
	Dossiers []Dossier     // in order; empty for an empty stack
}

// Dossier is a run of the stack that belongs to one dossier.
type Dossier struct {
	Code      string     // what a slip or another symbol told; "" for none
	Documents []Document // empty where a slip was followed by nothing
	Left      []Left     // by page
}

// Document is one paper.
type Document struct {
	Pages []int // ascending, never empty; pages that are left out are missing from it
}

// Left is a page that stays in the originals and is left out of the rendition.
type Left struct {
	Page   int
	Reason LeftReason
}

// LeftReason is why a page is left out of the rendition.
type LeftReason string

// The reasons.
const (
	LeftBlank     LeftReason = "blank"
	LeftSlip      LeftReason = "slip"
	LeftSeparator LeftReason = "separator"
)

// Rendition gives the pages of the dossier's rendition in order, as places in the stack, and the range that each document
// takes among them.
func (d Dossier) Rendition() (pages []int, documents []dossier.Document) {
	for _, doc := range d.Documents {
		first := len(pages) + 1
		pages = append(pages, doc.Pages...)
		documents = append(documents, dossier.Document{FirstPage: first, LastPage: len(pages)})
	}
	return pages, documents
}

// Cuts separates a stack. It keeps of a page what it tells, and not the page: a stack of thousands takes no more memory than its
// plan. A stack of nothing but blank pages keeps them: they may be written on in pencil, and a dossier of no pages helps nobody.
func Cuts(pages iter.Seq[Page], opt Options) Plan {
	opt.CutAt = opt.cutAt()
	if opt.ProposeAt == 0 {
		opt.ProposeAt = 0.5
	}
	w := walk{opt: opt}
	i := 0
	for p := range pages {
		i++
		w.take(i, p)
	}
	return w.finish()
}

func (p Page) isBlank() bool {
	return p.Page != nil && p.Blank && p.Marker == MarkerNone && p.Code == ""
}
