package source

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"strings"
	"unicode/utf16"

	"github.com/dossierd/dossierd/dossier"
)

// pdfFields bounds how many form fields are looked at.
const pdfFields = 10_000

// signed finds the first form field that holds a digital signature. It is not judged.
func (f *pdfFile) signed() *dossier.Signed {
	form := f.dict(f.dict(f.trailer["Root"])["AcroForm"])
	left := pdfFields
	return f.signedAmong(f.array(form["Fields"]), "", 0, &left)
}

func (f *pdfFile) signedAmong(fields array, above name, depth int, left *int) *dossier.Signed {
	if depth > pdfTreeDepth {
		return nil
	}
	for _, v := range fields {
		if *left--; *left < 0 {
			return nil
		}
		field := f.dict(v)
		kind := above
		if own := f.name(field["FT"]); own != "" {
			kind = own
		}
		if kind == "Sig" {
			if s := f.signature(f.dict(field["V"])); s != nil {
				return s
			}
		}
		if s := f.signedAmong(f.array(field["Kids"]), kind, depth+1, left); s != nil {
			return s
		}
	}
	return nil
}

// fieldType is a field's type, or that of the fields above it.
func (f *pdfFile) fieldType(field dict) name {
	for range pdfTreeDepth {
		if kind := f.name(field["FT"]); kind != "" || field == nil {
			return kind
		}
		field = f.dict(field["Parent"])
	}
	return ""
}

func (f *pdfFile) signature(v dict) *dossier.Signed {
	bounds := f.numbers(v["ByteRange"])
	var out dossier.Signed
	if len(bounds) != len(out.Range) {
		return nil
	}
	for i, n := range bounds {
		if n < 0 || n > float64(len(f.data)) {
			return nil
		}
		out.Range[i] = int64(n)
	}
	contents, _ := f.resolve(v["Contents"]).(string)
	if out.Signer = signer([]byte(contents)); out.Signer == "" {
		text, _ := f.resolve(v["Name"]).(string)
		out.Signer = textString(text)
	}
	return &out
}

// signer is the common name of the certificate with which a PKCS #7 signature (CMS, RFC 5652) was made, or "". Contents
// is padded with zeros as a rule.
func signer(contents []byte) string {
	outer := elements(contents)
	if len(outer) == 0 {
		return ""
	}
	content := elements(outer[0].Bytes) // its type, and the signed data in [0]
	if len(content) < 2 {
		return ""
	}
	data := elements(content[1].Bytes)
	if len(data) == 0 {
		return ""
	}
	var certificates, signers []byte
	for _, e := range elements(data[0].Bytes) {
		switch {
		case e.Class == asn1.ClassContextSpecific && e.Tag == 0:
			certificates = e.Bytes
		case e.Class == asn1.ClassUniversal && e.Tag == asn1.TagSet:
			signers = e.Bytes // the digests' algorithms are a set as well, and come first
		}
	}
	var id []byte
	if infos := elements(signers); len(infos) > 0 {
		if fields := elements(infos[0].Bytes); len(fields) > 1 {
			id = fields[1].FullBytes
		}
	}
	return commonName(certificates, id)
}

// elements splits DER as far as it can be read.
func elements(der []byte) []asn1.RawValue {
	const most = 1000
	var out []asn1.RawValue
	for len(der) > 0 && len(out) < most {
		var e asn1.RawValue
		rest, err := asn1.Unmarshal(der, &e)
		if err != nil {
			break
		}
		out, der = append(out, e), rest
	}
	return out
}

// commonName is that of the certificate that id names by issuer and serial number, else that of the first.
func commonName(certificates, id []byte) string {
	found := ""
	for _, e := range elements(certificates) {
		c, err := x509.ParseCertificate(e.FullBytes)
		if err != nil {
			continue
		}
		var by struct{ Issuer, Serial asn1.RawValue }
		if _, err := asn1.Unmarshal(id, &by); err == nil && bytes.Equal(by.Issuer.FullBytes, c.RawIssuer) &&
			bytes.Equal(by.Serial.Bytes, serialBytes(c)) {
			return c.Subject.CommonName
		}
		if found == "" {
			found = c.Subject.CommonName
		}
	}
	return found
}

// serialBytes is the serial number as DER writes it.
func serialBytes(c *x509.Certificate) []byte {
	der, err := asn1.Marshal(c.SerialNumber)
	if err != nil {
		return nil
	}
	return elements(der)[0].Bytes
}

// textString reads a PDF text string: UTF-16 or UTF-8 with a mark, else as Latin-1.
func textString(s string) string {
	switch {
	case len(s) >= 2 && s[:2] == "\xfe\xff":
		units := make([]uint16, 0, len(s)/2)
		for i := 2; i+1 < len(s); i += 2 {
			units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
		}
		return string(utf16.Decode(units))
	case len(s) >= 3 && s[:3] == "\xef\xbb\xbf":
		return strings.ToValidUTF8(s[3:], "")
	}
	runes := make([]rune, 0, len(s))
	for i := range len(s) {
		runes = append(runes, rune(s[i]))
	}
	return string(runes)
}
