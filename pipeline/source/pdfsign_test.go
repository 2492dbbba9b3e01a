package source

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// certificate is one that signs itself, in DER.
func certificate(t *testing.T, commonName string, serial int64) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: commonName}, NotAfter: time.Unix(1<<33, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// pkcs7 is signed data with these certificates, signed by the one at index by; without a signature's value.
func pkcs7(t *testing.T, by int, certificates ...[]byte) []byte {
	t.Helper()
	marshal := func(v any) []byte {
		der, err := asn1.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	signing, err := x509.ParseCertificate(certificates[by])
	if err != nil {
		t.Fatal(err)
	}
	id := struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}{asn1.RawValue{FullBytes: signing.RawIssuer}, signing.SerialNumber}
	info := struct {
		Version int
		ID      asn1.RawValue
		Digest  pkix.AlgorithmIdentifier
	}{1, asn1.RawValue{FullBytes: marshal(id)}, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}}}
	set := func(content []byte) asn1.RawValue {
		return asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: content}
	}
	data := struct {
		Version      int
		Digests      asn1.RawValue
		Content      struct{ Type asn1.ObjectIdentifier }
		Certificates asn1.RawValue
		Signers      asn1.RawValue
	}{
		Version: 1, Digests: set(nil),
		Content:      struct{ Type asn1.ObjectIdentifier }{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}},
		Certificates: asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: slices.Concat(certificates...)},
		Signers:      set(marshal(info)),
	}
	return marshal(struct {
		Type asn1.ObjectIdentifier
		Data asn1.RawValue
	}{
		asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2},
		asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: marshal(data)},
	})
}

// signedPDF has a form with a signature.
func signedPDF(contents []byte, extra string) []byte {
	signature := fmt.Sprintf("<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 100 200 300]/Contents<%x0000>%s>>", contents, extra)
	field := "<</T(s)/Kids[<</FT/Sig/T(t)/V " + signature + "/Subtype/Widget/Rect[0 0 0 0]>>]>>"
	return onePage(greyImage, fullPage, "", "/AcroForm<</SigFlags 3/Fields["+field+"]>>", greySamples())
}

func TestASignatureIsFoundWithItsSigner(t *testing.T) {
	issuer, clerk := certificate(t, "Sở Tư pháp CA", 1), certificate(t, "Nguyễn Thị Hoa", 7)
	for name, c := range map[string]struct {
		contents []byte
		extra    string
		want     string
	}{
		"the certificate that signed":     {pkcs7(t, 1, issuer, clerk), "/Name(other)", "Nguyễn Thị Hoa"},
		"the name where there is none":    {[]byte("no PKCS #7"), "/Name<feff0048006f0061>", "Hoa"},
		"a name in the old encoding":      {nil, "/Name(Andr\\351)", "André"},
		"nobody where nothing names them": {nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := opened(t, signedPDF(c.contents, c.extra))
			signed := o.Contents().Signed
			if signed == nil || *signed != (dossier.Signed{Signer: c.want, Range: [4]int64{0, 100, 200, 300}}) {
				t.Fatalf("signed: %+v", signed)
			}
			if !slices.Contains(o.Contents().Warnings, dossier.WarnSignatureNotCarried) {
				t.Error("warnings: ", o.Contents().Warnings)
			}
			if why := o.lifts[0].refusal; why != "" {
				t.Error("a signature that shows nothing keeps the page from being lifted: ", why)
			}
		})
	}
}

func TestAFieldForASignatureIsNoSignature(t *testing.T) {
	data := onePage(greyImage, fullPage, "", "/AcroForm<</Fields[<</FT/Sig/T(t)>>]>>", greySamples())
	if o := opened(t, data); o.Contents().Signed != nil || len(o.Contents().Warnings) > 0 {
		t.Error(o.Contents())
	}
}
