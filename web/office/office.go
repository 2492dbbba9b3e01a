// Package office is what stands in the settings, as API and pages tell it, with what daemons report of their stations' folders.
//
// It owns the form in which that is told and nothing else: the daemon fills in the settings, the catalogue has the reports. Proof: the
// tests of packages web and pages, which tell it.
package office

import "time"

// Office is what stands in the settings of the daemon that answers.
type Office struct {
	Location    *time.Location // of days
	Stations    []Station
	Subscribers []Subscriber
	Procedures  []Procedure
	Kinds       []Kind
	// Due is the first moment at which the answer to a dossier of a procedure is late; zero where no deadline is known.
	Due func(procedure string, received time.Time) time.Time
}

// Station is a scanner at a counter, and its folder as it is now.
type Station struct {
	Name       string    `json:"name"`
	Department string    `json:"department"`
	Language   string    `json:"language" doc:"Of messages to its clerk."`
	Languages  []string  `json:"languages" nullable:"false" doc:"That its papers are read in: names of tessdata."`
	Grouping   string    `json:"grouping,omitempty" enum:"file,folder,prefix,ticket,separator"`
	Purpose    string    `json:"purpose,omitempty" enum:"reception,results,receipts"`
	Channel    string    `json:"channel,omitempty" enum:"counter,online"`
	Online     bool      `json:"online" doc:"A daemon watches its folder, and can read it."`
	Watcher    string    `json:"watched_by,omitempty" doc:"Machine whose daemon watches its folder, or was the last to."`
	Seen       time.Time `json:"seen,omitzero" doc:"When that daemon told of the folder last. It does every 20 seconds: after a minute of silence the station is not online."`
	AwaySince  time.Time `json:"away_since,omitzero" doc:"Since when its folder is away."`
	AwayReason string    `json:"away_reason,omitempty"`
	Paused     string    `json:"paused,omitempty" doc:"Why nothing is taken in anywhere."`
	Files      int       `json:"files" doc:"In its folder, not taken in yet."`
	Oldest     time.Time `json:"oldest_file,omitzero" doc:"When the first of them was seen."`
	Faults     int       `json:"failing_files,omitempty" doc:"Those among them that can't be read or moved."`
	Fault      string    `json:"fault,omitempty" doc:"Why, of one of them."`
	Untold     string    `json:"outcomes_failing,omitempty" doc:"Why outcomes can't be written into its folder."`
	Batches    []Batch   `json:"batches" nullable:"false" doc:"Those that are not closed, the oldest first."`
}

// Batch is one that is not closed.
type Batch struct {
	Key      string    `json:"key,omitempty" doc:"None for files without a ticket; identity numbers are masked."`
	Since    time.Time `json:"since"`
	Deposits int       `json:"deposits"`
	Files    int       `json:"files" doc:"Of it, in the folder."`
	Waits    string    `json:"waits" enum:"more,whole,intake,missing,ticket" doc:"What it waits for."`
	Missing  int       `json:"missing,omitempty" doc:"Files that its ticket lists and that are not there."`
}

// Subscriber is an endpoint that is told events.
type Subscriber struct {
	Name   string
	Host   string   // of its URL; the rest may hold secrets
	Events []string // empty: all
}

// Text is what people read, by language.
type Text struct {
	VI string `json:"vi,omitempty"`
	FR string `json:"fr,omitempty"`
	EN string `json:"en,omitempty"`
}

// Procedure is what an office does for a citizen who brings the papers it asks for.
type Procedure struct {
	Code       string   `json:"code"`
	Name       Text     `json:"name"`
	Department string   `json:"department,omitempty"`
	Deadline   int      `json:"deadline" doc:"Working days from the day of reception."`
	Papers     []Paper  `json:"papers" nullable:"false"`
	Results    []string `json:"results" nullable:"false" doc:"Kinds of what the citizen receives."`
	File       string   `json:"file" doc:"That it was read from."`
}

// Paper is a paper that a procedure asks for.
type Paper struct {
	Kinds []string `json:"kinds" nullable:"false" doc:"Any of which will do."`
	Name  Text     `json:"name"`
	As    string   `json:"as,omitempty" enum:"original,copy,certified"`
	Min   int      `json:"min" doc:"0: may be brought."`
	Max   int      `json:"max" doc:"0: any number."`
	When  Text     `json:"when,omitzero" doc:"The condition under which it is asked for."`
}

// Kind is a sort of paper.
type Kind struct {
	Name     string   `json:"name"`
	Title    Text     `json:"title"`
	Identity bool     `json:"identity" doc:"Papers of it prove who somebody is: they are personal."`
	Fields   []string `json:"fields" nullable:"false"`
	File     string   `json:"file" doc:"That it was read from."`
	SHA256   string   `json:"sha256" doc:"Of the file."`
	Source   string   `json:"-"` // all of the file
}
