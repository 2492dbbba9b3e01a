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

// documentNamespace is that of the fields of a document in the list of them.
const documentNamespace = Namespace + "document#"

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
		{"procedure", "Text", "Code of the administrative procedure", one(p.Procedure)},
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
	properties := slices.DeleteFunc(info.Properties.list(), func(p property) bool { return len(p.values) == 0 })
	b.own(properties)
	b.documents(info.Documents)
	b.raw("</rdf:Description>\n")
	b.schema(properties, len(info.Documents) > 0)
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

// own writes dossierd's properties.
func (b *packet) own(properties []property) {
	for _, p := range properties {
		switch {
		case p.kind == "bag Text":
			b.bag("dossierd:"+p.name, p.values)
		case len(p.values) > 0:
			b.element("dossierd:"+p.name, plain(p.values[0]))
		}
	}
}

const documentMark = "<dossierdDocument:firstPage>" // of one document in the list

// documents writes the list of the papers.
func (b *packet) documents(documents []dossier.Document) {
	if len(documents) == 0 {
		return
	}
	b.raw(`<dossierd:documents xmlns:dossierdDocument="` + documentNamespace + `"><rdf:Seq>` + "\n")
	for i := range documents {
		d := &documents[i]
		b.raw(`<rdf:li rdf:parseType="Resource">` + "\n")
		b.element("dossierdDocument:title", documentTitle(d))
		b.element("dossierdDocument:kind", plain(d.Kind))
		b.element("dossierdDocument:firstPage", strconv.Itoa(d.FirstPage))
		b.element("dossierdDocument:lastPage", strconv.Itoa(d.LastPage))
		b.raw("</rdf:li>\n")
	}
	b.raw("</rdf:Seq></dossierd:documents>\n")
}

// schema declares those of dossierd's properties that the packet has, as PDF/A asks of what is not its own: a description of the
// others would take more bytes than the text of a page.
func (b *packet) schema(properties []property, documents bool) {
	if len(properties) == 0 && !documents {
		return
	}
	b.raw(`<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"` +
		` xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"` +
		` xmlns:pdfaType="http://www.aiim.org/pdfa/ns/type#" xmlns:pdfaField="http://www.aiim.org/pdfa/ns/field#">` + "\n" +
		`<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">` + "\n")
	b.element("pdfaSchema:schema", "dossierd")
	b.element("pdfaSchema:namespaceURI", Namespace)
	b.element("pdfaSchema:prefix", "dossierd")
	b.raw("<pdfaSchema:property><rdf:Seq>\n")
	if documents {
		properties = append(properties, property{name: "documents", kind: "seq Document", meaning: "Papers of the dossier, in the order of their pages"})
	}
	for _, p := range properties {
		b.raw(`<rdf:li rdf:parseType="Resource">`)
		b.element("pdfaProperty:name", p.name)
		b.element("pdfaProperty:valueType", p.kind)
		b.element("pdfaProperty:category", "external")
		b.element("pdfaProperty:description", p.meaning)
		b.raw("</rdf:li>\n")
	}
	b.raw("</rdf:Seq></pdfaSchema:property>\n")
	if documents {
		b.documentType()
	}
	b.raw("</rdf:li></rdf:Bag></pdfaExtension:schemas>\n</rdf:Description>\n")
}

// documentType declares the structure that a document is in the list.
func (b *packet) documentType() {
	b.raw(`<pdfaSchema:valueType><rdf:Seq><rdf:li rdf:parseType="Resource">` + "\n")
	b.element("pdfaType:type", "Document")
	b.element("pdfaType:namespaceURI", documentNamespace)
	b.element("pdfaType:prefix", "dossierdDocument")
	b.element("pdfaType:description", "Consecutive pages that form one paper")
	b.raw("<pdfaType:field><rdf:Seq>\n")
	for _, field := range [][3]string{
		{"title", "Text", "What people call it, personal data masked"},
		{"kind", "Text", "Name of the kind that was recognised"},
		{"firstPage", "Integer", "Its first page, from 1"},
		{"lastPage", "Integer", "Its last page"},
	} {
		b.raw(`<rdf:li rdf:parseType="Resource">`)
		b.element("pdfaField:name", field[0])
		b.element("pdfaField:valueType", field[1])
		b.element("pdfaField:description", field[2])
		b.raw("</rdf:li>\n")
	}
	b.raw("</rdf:Seq></pdfaType:field></rdf:li></rdf:Seq></pdfaSchema:valueType>")
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
