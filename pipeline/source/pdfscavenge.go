package source

import (
	"bytes"
	"fmt"
	"slices"
)

// scavengePDF reads a file that has lost its tables, as one has that was cut off: it looks for the objects themselves.
// Without a catalogue the pages are those that are there, in the order of the file.
func scavengePDF(data []byte) (*pdfFile, error) {
	if bytes.Contains(data, []byte("/Encrypt")) {
		return nil, errPDFEncrypted
	}
	x := &pdfTable{data: data, entries: map[int]pdfEntry{}, visited: map[int]bool{}, packs: map[int]*pdfPack{}, trailer: dict{}}
	numbers := x.scavenge()
	f := &pdfFile{data: data, trailer: x.trailer, load: x.load}
	var pages array
	for _, n := range numbers {
		d, _ := f.get(n).(dict)
		switch {
		case d["Type"] == name("Catalog") && f.dict(d["Pages"]) != nil:
			f.trailer["Root"] = reference{number: n}
		case d["Type"] == name("Page"):
			pages = append(pages, reference{number: n})
		}
	}
	if f.trailer["Root"] == nil {
		f.trailer["Root"] = dict{"Pages": dict{"Kids": pages}}
	}
	if len(pages) == 0 {
		return nil, fmt.Errorf("no page objects: %w", errPDFSyntax)
	}
	f.faulty = false // what is missing is known to be
	return f, nil
}

// scavenge enters every "number generation obj" there is, the last of a number for good, and what is in object streams.
// It returns the numbers in the order of the file.
func (x *pdfTable) scavenge() []int {
	var numbers []int
	for at := 0; len(numbers) < pdfObjects; {
		i := bytes.Index(x.data[at:], []byte(" obj"))
		if i < 0 {
			break
		}
		at += i
		if start, number, ok := x.headBefore(at); ok {
			x.entries[number] = pdfEntry{offset: start, used: true}
			numbers = append(numbers, number)
		}
		at += len(" obj")
	}
	for _, n := range slices.Clone(numbers) {
		if v, _, err := x.objectAt(x.entries[n].offset); err == nil {
			if s, ok := v.(*stream); ok && s.dict["Type"] == name("ObjStm") {
				numbers = append(numbers, x.enterPack(n)...)
			}
		}
	}
	return numbers
}

// enterPack enters the objects of an object stream that are nowhere else.
func (x *pdfTable) enterPack(pack int) []int {
	p, err := x.openPack(pack)
	if err != nil {
		return nil
	}
	var numbers []int
	for n := range p.offsets {
		if _, known := x.entries[n]; !known {
			x.entries[n] = pdfEntry{pack: pack, used: true}
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// headBefore reads "number generation" backwards from before " obj".
func (x *pdfTable) headBefore(end int) (start, number int, ok bool) {
	const longest = 20
	start = end
	for start > 0 && end-start < longest && (x.data[start-1] == ' ' || x.data[start-1] >= '0' && x.data[start-1] <= '9') {
		start--
	}
	for start < end && x.data[start] == ' ' {
		start++
	}
	l := lexer{data: x.data[:end], at: start}
	v, err := l.next()
	number, isInt := v.(int)
	if err != nil || !isInt || number <= 0 || number > pdfObjects {
		return 0, 0, false
	}
	generation, err := l.next()
	_, isInt = generation.(int)
	return start, number, err == nil && isInt
}
