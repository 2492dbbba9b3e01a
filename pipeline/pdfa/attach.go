package pdfa

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// relationships are what AFRelationship may say in PDF/A-3.
func relationships() []string {
	return []string{"Source", "Data", "Alternative", "Supplement", "Unspecified"}
}

// attach writes the attachments and returns the catalog's entries for them.
func (d *document) attach(ctx context.Context, attachments []Attachment) (string, error) {
	if len(attachments) == 0 {
		return "", nil
	}
	specs := make([]int, len(attachments))
	for i := range attachments {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		var err error
		if specs[i], err = d.attachment(&attachments[i]); err != nil {
			return "", fmt.Errorf("attach %s: %w", attachments[i].Name, err)
		}
	}
	order := make([]int, len(attachments))
	for i := range order {
		order[i] = i
	}
	key := func(i int) []byte { return textBytes(plain(attachments[i].Name)) }
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(key(a), key(b)) })
	var names strings.Builder
	for at, i := range order {
		if at > 0 && bytes.Equal(key(order[at-1]), key(i)) {
			return "", fmt.Errorf("attach %s: another attachment has this name", attachments[i].Name)
		}
		fmt.Fprintf(&names, " %s %s", text(plain(attachments[i].Name)), ref(specs[i]))
	}
	return fmt.Sprintf(" /AF [%s] /Names << /EmbeddedFiles << /Names [%s] >> >>", refs(specs), names.String()[1:]), nil
}

// attachment writes one file and its specification. Length and size come after the bytes, when they are known.
func (d *document) attachment(a *Attachment) (spec int, err error) {
	if !slices.Contains(relationships(), a.Relationship) {
		return 0, fmt.Errorf("unknown relationship %q", a.Relationship)
	}
	r, err := a.Open()
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	defer r.Close()
	spec, data, size := d.f.alloc(), d.f.alloc(), d.f.alloc()
	d.f.object(spec, fmt.Sprintf("<< /Type /Filespec /F %s /UF %[1]s /Desc %s /AFRelationship /%s /EF << /F %s /UF %[4]s >> >>",
		text(plain(a.Name)), text(plain(a.Description)), a.Relationship, ref(data)))
	d.f.offsets[data] = d.f.at
	d.f.printf("%d 0 obj\n<< /Type /EmbeddedFile /Subtype /%s /Params << /ModDate %s /Size %s >> /Length %[4]s >>\nstream\n",
		data, name(a.MIME), date(a.ModifiedAt), ref(size))
	copied, err := d.f.copyFrom(r)
	if err == nil && a.Bytes > 0 && copied != a.Bytes {
		err = fmt.Errorf("%d bytes came instead of %d", copied, a.Bytes)
	}
	d.f.printf("\nendstream\nendobj\n")
	d.f.object(size, fmt.Sprint(copied))
	return spec, err
}
