package value_test

import (
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

func TestAmountsOfMoney(t *testing.T) {
	for text, want := range map[string]string{
		"1.234.567 đồng": "1234567 VND", "1.234.567đ": "1234567 VND", "1,234,567 VNĐ": "1234567 VND", "1 234 567 VND": "1234567 VND",
		"50000 đ.": "50000 VND", "1.000,00 VND": "1000 VND", "1 234,56 €": "1234.56 EUR", "1 234,56 EUR": "1234.56 EUR",
		"€1,234.56": "1234.56 EUR", "EUR 1.234,5": "1234.50 EUR", "12 euros": "12.00 EUR", "0,99 €": "0.99 EUR", "-12,50 €": "-12.50 EUR",
		"1.234.567,- đồng": "1234567 VND", "$1,000": "1000.00 USD", "1234.56 EUR": "1234.56 EUR", "1.500.000 ₫": "1500000 VND",
	} {
		got, err := value.Parse("money", text, value.Options{})
		if err != nil || got.Value != want || got.Parts["amount"]+" "+got.Parts["currency"] != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if got, err := value.Parse("money", "1.500.000", value.Options{Allowed: []string{"VND"}}); err != nil || got.Value != "1500000 VND" {
		t.Errorf("the one allowed currency: %+v, %v", got, err)
	}
	for text, want := range map[string]string{
		"1.23.456 đồng": "the digits of the amount are not in groups of three", "1.500.000": "no currency is printed",
		"1,234.567.890 €": "the digits of the amount are not in groups of three", "12,345,6 VND": "the digits of the amount are not in groups of three",
		"1,55 VND": "there are more decimals than the currency has", "miễn phí": "it is not written like an amount of money",
		"l.000 đồng": "it is not written like an amount of money", "..... đồng": "the amount is not given: no value is given",
	} {
		if got, err := value.Parse("money", text, value.Options{}); err == nil || err.Error() != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestWholeNumbers(t *testing.T) {
	for _, c := range []struct{ text, language, want string }{
		{"05", "", "5"},
		{"1.234", "vie", "1234"},
		{"1 234", "fra", "1234"},
		{"1,234", "eng", "1234"},
		{"-3", "", "-3"},
		{"02 (hai)", "vie", "2"},
		{"000", "", "0"},
		{"1.234", "eng", ""},
		{"1,5", "vie", ""},
		{"O5", "", ""},
		{"12.34", "", ""},
		{"", "", ""},
	} {
		got, err := value.Parse("integer", c.text, value.Options{Language: c.language})
		if (err == nil) != (c.want != "") || got.Value != c.want {
			t.Errorf("%q %s: %+v, %v", c.text, c.language, got, err)
		}
	}
}

func TestTelephoneNumbers(t *testing.T) {
	for _, c := range []struct{ text, language, want string }{
		{"0912 345 678", "vie", "+84912345678"},
		{"0912.345.678", "", ""},
		{"0229 3871 123", "vie", "+842293871123"},
		{"(024) 3825 4567", "", "+842438254567"},
		{"+84 (0)912 345 678", "", "+84912345678"},
		{"+84 912 345 678", "fra", "+84912345678"},
		{"01 23 45 67 89", "fra", "+33123456789"},
		{"06.12.34.56.78", "", "+33612345678"},
		{"0033 1 23 45 67 89", "", "+33123456789"},
		{"+44 20 7946 0958", "", "+442079460958"},
		{"0412345678", "vie", ""},
		{"912345678", "vie", ""},
		{"+84 112", "", ""},
		{"091234567O", "vie", ""},
	} {
		got, err := value.Parse("phone", c.text, value.Options{Language: c.language})
		if (err == nil) != (c.want != "") || got.Value != c.want {
			t.Errorf("%q %s: %+v, %v", c.text, c.language, got, err)
		}
	}
}

func TestATelephoneNumberEndsBeforeTheNextItem(t *testing.T) {
	found := value.Find("phone", "5. Số điện thoại liên hệ: 0352852072 6. Email", value.Options{Language: "vie"})
	if len(found) != 1 || found[0].Value != "+84352852072" || found[0].Raw != "0352852072" {
		t.Errorf("%+v", found)
	}
}

func TestPostalTowns(t *testing.T) {
	for text, want := range map[string]string{
		"75001 PARIS": "75001 PARIS", "33077 Bordeaux Cedex": "33077 BORDEAUX CEDEX", "F-13100 Aix-en-Provence": "13100 AIX-EN-PROVENCE",
		"75755 PARIS CEDEX 15": "75755 PARIS CEDEX 15", "97400 Saint-Denis.": "97400 SAINT-DENIS",
		"00100 ROMA": "", "7500 PARIS": "", "75001": "", "7500l PARIS": "",
	} {
		got, err := value.Parse("postal_town", text, value.Options{})
		if (err == nil) != (want != "") || got.Value != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}
