package extract

import (
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// compareNumbers holds identity numbers against the year of birth and the sex that the paper names: where they tell of two
// persons, or one was misread, nobody can say which is right. A field X_number belongs to X_born_on and X_sex.
func compareNumbers(trials []Trial) {
	for i := range trials {
		number := trials[i].Field
		if number == nil || number.Type != "citizen_number" && number.Type != "nir" {
			continue
		}
		says, err := value.Parse(number.Type, number.Value, value.Options{})
		if err != nil {
			continue
		}
		whose := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(number.Name, "nir"), "number"), "citizen_")
		if born := known(trials, whose+"born_on"); born != nil && born.Type == "date" && !strings.HasSuffix(born.Value[:4], says.Parts["birth_year"]) {
			disagree(number, born)
		}
		if sex := known(trials, whose+"sex"); sex != nil && says.Parts["sex"] != "" && sex.Value != says.Parts["sex"] {
			disagree(number, sex)
		}
	}
}

// known is the field of a name that was read well enough to be held against another.
func known(trials []Trial, name string) *dossier.Field {
	i := slices.IndexFunc(trials, func(t Trial) bool { return t.Name == name })
	if i < 0 || trials[i].Field == nil || trials[i].Field.Confidence <= cap {
		return nil
	}
	return trials[i].Field
}

func disagree(fields ...*dossier.Field) {
	for _, f := range fields {
		f.Confidence = min(f.Confidence, disagreed)
		if !slices.Contains(f.Warnings, dossier.WarnDisagree) {
			f.Warnings = append(f.Warnings, dossier.WarnDisagree)
		}
	}
}
