package pdfa

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strconv"

	"github.com/dossierd/dossierd/dossier"
)

// Namespace is the XML namespace of dossierd's own XMP properties.
const Namespace = "https://dossierd.github.io/ns/1.0/"

// property is one of dossierd's own XMP properties. An empty one is left out.
type property struct {
	name, kind, meaning string
	values              []string
}

func (p *Properties) list() []property {
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	version := ""
	if p.Version > 0 {
		version = strconv.Itoa(p.Version)
	}
	return []property{
		{"dossier", "Text", "Code of the dossier", one(p.Dossier)},
		{"version", "Integer", "Number of the dossier's version, from 1", one(version)},
		{"department", "Text", "Department that the dossier belongs to", one(p.Department)},
		{"station", "Text", "Scanner station that took the paper in", one(p.Station)},
		{"original", "bag Text", "SHA-256 of each original file, lower-case hexadecimal", p.Originals},
	}
}

// xmp makes the metadata packet. It says what the information dictionary says, which PDF/A-1 compares.
func xmp(info *Info, languages []string) []byte {
	var b packet
	b.raw("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/">` + "\n" +
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + "\n" +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"` +
		` xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dossierd="` + Namespace + `">` + "\n")
	part, conformance := "2", "U"
	switch info.Level {
	case dossier.Level1b:
		part, conformance = "1", "B"
	case dossier.Level3u:
		part = "3"
	}
	b.raw(pdfaMark(part, conformance))
	b.element("dc:format", "application/pdf")
	if title := plain(info.Title); title != "" {
		b.raw(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">`)
		b.text(title)
		b.raw("</rdf:li></rdf:Alt></dc:title>\n")
	}
	b.bag("dc:language", languages)
	b.element("xmp:CreatorTool", plain(info.CreatorTool))
	b.element("xmp:CreateDate", xmpDate(info.CreatedAt))
	b.element("xmp:ModifyDate", xmpDate(info.ModifiedAt))
	b.element("xmp:MetadataDate", xmpDate(info.ModifiedAt))
	b.element("pdf:Producer", plain(info.Producer))
	b.own(info.Properties.list())
	b.raw("</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n")
	return b.Bytes()
}

// pdfaMark is how the packet says the level.
func pdfaMark(part, conformance string) string {
	return "<pdfaid:part>" + part + "</pdfaid:part>\n<pdfaid:conformance>" + conformance + "</pdfaid:conformance>\n"
}

// packet is XML in the making.
type packet struct{ bytes.Buffer }

func (b *packet) raw(s string) { b.WriteString(s) }

func (b *packet) text(s string) { _ = xml.EscapeText(&b.Buffer, []byte(s)) }

func (b *packet) element(name, value string) {
	if value == "" {
		return
	}
	b.raw("<" + name + ">")
	b.text(value)
	b.raw("</" + name + ">\n")
}

func (b *packet) bag(name string, values []string) {
	if len(values) == 0 {
		return
	}
	b.raw("<" + name + "><rdf:Bag>")
	for _, v := range values {
		b.raw("<rdf:li>")
		b.text(v)
		b.raw("</rdf:li>")
	}
	b.raw("</rdf:Bag></" + name + ">\n")
}

// own writes dossierd's properties and closes the description, then the extension schema that declares them.
func (b *packet) own(properties []property) {
	for _, p := range properties {
		switch {
		case p.kind == "bag Text":
			b.bag("dossierd:"+p.name, p.values)
		case len(p.values) > 0:
			b.element("dossierd:"+p.name, plain(p.values[0]))
		}
	}
	b.raw("</rdf:Description>\n" +
		`<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"` +
		` xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">` + "\n" +
		`<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">` + "\n")
	b.element("pdfaSchema:schema", "dossierd")
	b.element("pdfaSchema:namespaceURI", Namespace)
	b.element("pdfaSchema:prefix", "dossierd")
	b.raw("<pdfaSchema:property><rdf:Seq>\n")
	for _, p := range properties {
		b.raw(`<rdf:li rdf:parseType="Resource">`)
		b.element("pdfaProperty:name", p.name)
		b.element("pdfaProperty:valueType", p.kind)
		b.element("pdfaProperty:category", "external")
		b.element("pdfaProperty:description", p.meaning)
		b.raw("</rdf:li>\n")
	}
	b.raw("</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\n</rdf:Description>\n")
}

// languages counts the pages of each language.
type languages struct {
	names []string // tessdata names as first met
	pages map[string]int
}

func (l *languages) add(name string) {
	if name == "" {
		return
	}
	if l.pages == nil {
		l.pages = map[string]int{}
	}
	if l.pages[name] == 0 {
		l.names = append(l.names, name)
	}
	l.pages[name]++
}

// tags are the languages' BCP 47 tags, the one with the most pages first.
func (l *languages) tags() []string {
	slices.SortStableFunc(l.names, func(a, b string) int { return l.pages[b] - l.pages[a] })
	tags := make([]string, len(l.names))
	for i, name := range l.names {
		tags[i] = dossier.LanguageTag(name)
	}
	return tags
}
