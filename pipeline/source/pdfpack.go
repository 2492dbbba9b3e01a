package source

import "fmt"

// pdfPack is a decoded object stream.
type pdfPack struct {
	data    []byte
	offsets map[int]int // by object number
}

// unpack reads an object out of an object stream.
func (x *pdfTable) unpack(pack, number int) (any, error) {
	p, ok := x.packs[pack]
	if !ok {
		if len(x.packs) >= pdfPacksKept {
			clear(x.packs)
		}
		x.packs[pack] = &pdfPack{} // for a stream whose length lies in itself
		var err error
		if p, err = x.openPack(pack); err != nil {
			return nil, err
		}
		x.packs[pack] = p
	}
	at, ok := p.offsets[number]
	if !ok {
		return nil, fmt.Errorf("object %d is not in stream %d: %w", number, pack, errPDFSyntax)
	}
	l := lexer{data: p.data, at: at, refs: true}
	v, err := l.next()
	if _, isOp := v.(operator); isOp {
		v = nil
	}
	return v, err
}

func (x *pdfTable) openPack(number int) (*pdfPack, error) {
	e := x.entries[number]
	if !e.used || e.pack != 0 {
		return nil, errPDFSyntax
	}
	v, _, err := x.objectAt(e.offset + x.base)
	if err != nil {
		return nil, err
	}
	s, ok := v.(*stream)
	if !ok {
		return nil, errPDFSyntax
	}
	f := &pdfFile{}
	data, err := f.decode(s, pdfPackBytes)
	if err != nil {
		return nil, err
	}
	p := &pdfPack{data: data, offsets: map[int]int{}}
	first := f.int(s.dict["First"], 0)
	l := lexer{data: data[:max(0, min(first, len(data)))]}
	for range f.int(s.dict["N"], 0) {
		n, err := l.next()
		if err != nil {
			break
		}
		offset, err := l.next()
		if err != nil {
			break
		}
		num, ok1 := n.(int)
		at, ok2 := offset.(int)
		if !ok1 || !ok2 || at < 0 || first+at >= len(data) {
			continue
		}
		p.offsets[num] = first + at
	}
	return p, nil
}
