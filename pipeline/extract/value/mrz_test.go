package value_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// The examples of ICAO Doc 9303, parts 4 to 6; the French one of the format's description; the Vietnamese one is made up.
const (
	card     = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
	visa2    = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
	passport = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
	french   = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6"
	citizen  = "IDVNM0900012345037090001234<<1\n9005145M3005143VNM<<<<<<<<<<<8\nNGUYEN<<VAN<AN<<<<<<<<<<<<<<<<"
)

func TestZonesAreReadIntoTheirFields(t *testing.T) {
	eriksson := parts("family_name", "ERIKSSON", "given_names", "ANNA MARIA", "born_on", "1974-08-12", "expires_on", "2012-04-15",
		"sex", "F", "country", "UTO", "nationality", "UTO")
	with := func(m map[string]string, pairs ...string) map[string]string {
		m = maps.Clone(m)
		maps.Copy(m, parts(pairs...))
		return m
	}
	for zone, want := range map[string]map[string]string{
		card:     with(eriksson, "format", "TD1", "number", "D23145890"),
		visa2:    with(eriksson, "format", "TD2", "number", "D23145890"),
		passport: with(eriksson, "format", "TD3", "number", "L898902C3", "personal_number", "ZE184226B"),
		french: parts("format", "CNI", "country", "FRA", "number", "880692310285", "family_name", "BERTHIER", "given_names", "CORINNE",
			"born_on", "1965-12-06", "sex", "F"),
		citizen: parts("format", "TD1", "country", "VNM", "nationality", "VNM", "number", "090001234", "personal_number", "037090001234",
			"family_name", "NGUYEN", "given_names", "VAN AN", "born_on", "1990-05-14", "expires_on", "2030-05-14", "sex", "M"),
	} {
		got, err := value.Parse("mrz", zone, value.Options{})
		if err != nil || got.Value != zone || !got.Checked || got.Repaired || !maps.Equal(got.Parts, want) {
			t.Errorf("%s:\n%+v, %v", zone, got, err)
		}
		found := value.Find("mrz", "CARTE NATIONALE D'IDENTITÉ\nNơi cấp: Cục Cảnh sát\n"+zone+"\n...", value.Options{})
		if len(found) != 1 || found[0].Value != zone {
			t.Errorf("found in a page: %+v", found)
		}
	}
}

func TestSlipsInAZoneAreMendedWhereCheckDigitsProveThem(t *testing.T) {
	for name, c := range map[string]struct{ read, want string }{
		"letters in dates":            {strings.NewReplacer("7408122F1204159", "74O8l22F12O4IS9").Replace(card), card},
		"6 read as o with an accent":  {strings.NewReplacer("6512068F6", "ó512068F6").Replace(french), french},
		"0 in a name":                 {strings.Replace(passport, "ERIKSSON", "ERIKSS0N", 1), passport},
		"a letter in the number":      {strings.Replace(passport, "L898902C3", "L8989O2C3", 1), passport},
		"a letter among digits":       {strings.Replace(card, "D231458907", "D2314589O7", 1), card},
		"letters in a citizen number": {strings.NewReplacer("IDVNM090001234", "IDVNMO9OOO1Z34", "037090001234", "O37O90O01234").Replace(citizen), citizen},
		"fillers as K and C":          {strings.NewReplacer("AN<<<<<<<<<<<<<<<<", "AN<<<KK<<C<<<<KK<<").Replace(citizen), citizen},
		"fillers as K beside fillers": {strings.Replace(citizen, "VNM<<<<<<<<<<<", "VNM<<<<K<<CK<<", 1), citizen},
		"fillers as guillemets":       {strings.NewReplacer("<<<<", "««", "P<", "P(").Replace(passport), passport},
		"fillers lost":                {strings.Replace(passport, "MARIA<<<<", "MARIA<<", 1), passport},
		"fillers too many, blanks":    {strings.NewReplacer("MARIA<<<<", "MARIA<<<<<<", "UTO74", "UTO 74").Replace(passport), passport},
		"P< as PK":                    {strings.Replace(passport, "P<", "PK", 1), passport},
	} {
		got, err := value.Parse("mrz", c.read, value.Options{})
		if err != nil || got.Value != c.want {
			t.Errorf("%s: %v\n%s", name, err, got.Value)
		}
		changed := strings.Trim(c.read, "<") != c.want && signs(c.read) != signs(c.want)
		if got.Repaired != changed || changed && got.OtherRaw == "" {
			t.Errorf("%s: repaired %v, other reading %q", name, got.Repaired, got.OtherRaw)
		}
	}
}

// signs are the letters and digits of a zone.
func signs(zone string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", r) {
			return r
		}
		return -1
	}, zone)
}

func TestAZoneWithAWrongDigitIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ read, want string }{
		"number":                {strings.Replace(passport, "L898902C3", "L898903C3", 1), "the check digit of the number in the zone is wrong"},
		"birth":                 {strings.Replace(passport, "740812", "740813", 1), "the check digit of the date of birth in the zone is wrong"},
		"expiry":                {strings.Replace(card, "120415", "120416", 1), "the check digit of the date of expiry in the zone is wrong"},
		"last":                  {strings.Replace(card, "<<<6", "<<<7", 1), "the last check digit of the zone is wrong"},
		"two readings possible": {strings.Replace(card, "D231458907", "D23I458907", 1), "the check digit of the number in the zone is wrong"},
		"name":                  {strings.Replace(citizen, "NGUYEN", "N6UYEN", 1), "the zone has no name, or one with a digit in it"},
		"lines":                 {"P<UTOERIKSSON", "a machine-readable zone has 3 lines of 30, or 2 of 36 or 44 characters"},
		"none":                  {" \n ", "there is no machine-readable zone: no value is given"},
	} {
		if got, err := value.Parse("mrz", c.read, value.Options{}); err == nil || err.Error() != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTheSecondLineOfAPassportIsEnoughForAllButTheName(t *testing.T) {
	second := passport[strings.IndexByte(passport, '\n')+1:]
	want := parts("format", "TD3", "number", "L898902C3", "born_on", "1974-08-12", "expires_on", "2012-04-15", "sex", "F",
		"nationality", "UTO", "personal_number", "ZE184226B")
	for _, text := range []string{second, "P<UTOERIKS50N&&AN#NA\n" + second, "Nom / Surname\n" + second + "\n4"} {
		found := value.Find("mrz", text, value.Options{})
		if len(found) != 1 || found[0].Value != second || !found[0].Partial || !maps.Equal(found[0].Parts, want) {
			t.Errorf("%q: %+v", text, found)
		}
	}
}
