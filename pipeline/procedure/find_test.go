package procedure_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/pipeline/procedure"
)

func TestAProcedureIsFoundByItsCodeWithAndWithoutTheAgency(t *testing.T) {
	files := fstest.MapFS{}
	for i, code := range []string{"1.001193", "2.000635.000.00.00.H42", "3.000001.000.00.00.H42", "3.000001.000.00.00.H01", "cerfa-10798"} {
		files[fmt.Sprintf("%d.yaml", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, minimal, code)}
	}
	set, err := procedure.Load(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{
		"1.001193": "1.001193", "1.001193.000.00.00.h42": "1.001193", " 2.000635 ": "2.000635.000.00.00.H42",
		"2.000635.000.00.00.H42": "2.000635.000.00.00.H42", "2.000635.000.00.00.H01": "", "3.000001": "",
		"3.000001.000.00.00.H01": "3.000001.000.00.00.H01", "CERFA-10798": "cerfa-10798", "1.0011": "", "": "",
	} {
		got := ""
		if p := set.ByCode(code); p != nil {
			got = p.Code
		}
		if got != want {
			t.Errorf("%q: found %q, want %q", code, got, want)
		}
	}
}

func TestTheSlipIsBelievedBeforeTheTicketTheFolderAndTheTitle(t *testing.T) {
	set := builtIn(t)
	birth, marriage, record := "1.001193", "1.000894", "2.000488"
	title := []string{"TỜ KHAI ĐĂNG KÝ KẾT HÔN"}
	for _, c := range []struct {
		hints   procedure.Hints
		code    string
		by      procedure.Source
		against []procedure.Source
	}{
		{procedure.Hints{}, "", "", nil},
		{procedure.Hints{Slip: birth, Ticket: birth, Folder: birth + ".000.00.00.H42"}, birth, procedure.FromSlip, nil},
		{
			procedure.Hints{Slip: birth, Ticket: marriage, Folder: record, Titles: title},
			birth, procedure.FromSlip,
			[]procedure.Source{procedure.FromTicket, procedure.FromFolder, procedure.FromTitle},
		},
		{procedure.Hints{Ticket: marriage, Folder: record, Titles: title}, marriage, procedure.FromTicket, []procedure.Source{procedure.FromFolder}},
		{procedure.Hints{Folder: record}, record, procedure.FromFolder, nil},
		{procedure.Hints{Titles: title}, marriage, procedure.FromTitle, nil},
	} {
		f := set.Find(c.hints)
		got := ""
		if f.Procedure != nil {
			got = f.Procedure.Code
		}
		if got != c.code || f.By != c.by || !slices.Equal(f.Against, c.against) {
			t.Errorf("%+v: %+v", c.hints, f)
		}
	}
}

func TestACodeThatTheOfficeDoesNotHaveIsAnAnswer(t *testing.T) {
	f := builtIn(t).Find(procedure.Hints{Slip: "9.999999", Ticket: "9.999999.000.00.00.H42", Titles: []string{"Tờ khai đăng ký kết hôn"}})
	if f.Procedure != nil || f.Code != "9.999999" || f.By != procedure.FromSlip || !slices.Equal(f.Against, []procedure.Source{procedure.FromTitle}) {
		t.Errorf("%+v", f)
	}
}

func TestATitleIsFoundDespiteSlipsOfReading(t *testing.T) {
	set := builtIn(t)
	for title, want := range map[string]string{
		"TỜ KHAI ĐĂNG KÝ KHAI SINH":                  "1.001193",
		norm.NFD.String("Tờ khai đăng ký khai sinh"): "1.001193",
		"TO KHAI ÐĂNG KY KHAl SINH":                  "1.001193",
		"  Tờ khai,  đăng ký khai sinh.":             "1.001193",
		"TỜ KHAI ĐĂNG KÝ KHAI TỬ":                    "",
		"TỜ KHAI ĐĂNG KÝ LẠI KHAI SINH":              "",
		"TỜ KHAI ĐĂNG KÝ KHAI SINH CÓ YẾU TỐ":        "",
		"TỜ KHAI":               "",
		"":                      "",
		"ATTESTATION D’ACCUEIL": "cerfa-10798",
		"Đơn đề nghị cấp giấy phép xảy dựng":                     "1.009994",
		"Đơn đăng ký biến động đất đai tài sản gắn liền với đất": "1.012781",
	} {
		got := ""
		if f := set.Find(procedure.Hints{Titles: []string{"", title}}); f.Procedure != nil {
			got = f.Procedure.Code
		}
		if got != want {
			t.Errorf("%q: found %q, want %q", title, got, want)
		}
	}
}

func TestTitlesOfTwoProceduresDecideNothing(t *testing.T) {
	f := builtIn(t).Find(procedure.Hints{Titles: []string{"Tờ khai đăng ký kết hôn", "Tờ khai đăng ký khai sinh"}})
	if f.Procedure != nil || f.By != "" {
		t.Errorf("%+v", f)
	}
}
