package pdfa

import (
	"fmt"
	"strconv"
	"strings"
)

// fanOut is how many pages one node of the page tree holds; the root holds the nodes: 5,000 pages make 79.
const fanOut = 64

// pageTree grows as pages are written. It keeps one number a page of the node in hand, and one a node.
type pageTree struct {
	root  int
	nodes []int
	kids  []int
	count int
}

// add allots the number of the next page's object and says which node is its parent.
func (t *pageTree) add(f *file) (page, parent int) {
	if t.root == 0 {
		t.root = f.alloc()
	}
	if len(t.kids) == fanOut {
		t.writeNode(f)
	}
	if len(t.kids) == 0 {
		t.nodes = append(t.nodes, f.alloc())
	}
	page = f.alloc()
	t.kids = append(t.kids, page)
	t.count++
	return page, t.nodes[len(t.nodes)-1]
}

func (t *pageTree) writeNode(f *file) {
	f.object(t.nodes[len(t.nodes)-1], fmt.Sprintf("<< /Type /Pages /Parent %s /Count %d /Kids [%s] >>",
		ref(t.root), len(t.kids), refs(t.kids)))
	t.kids = t.kids[:0]
}

// write writes the last node and the root.
func (t *pageTree) write(f *file) {
	t.writeNode(f)
	f.object(t.root, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", t.count, refs(t.nodes)))
}

func refs(numbers []int) string {
	parts := make([]string, len(numbers))
	for i, n := range numbers {
		parts[i] = ref(n)
	}
	return strings.Join(parts, " ")
}

// pageLabels keeps one range for each run of labels that count up by one.
type pageLabels struct {
	ranges []string
	pages  int
	last   int // the number that ended the run; 0 after a label that is no number
}

func (l *pageLabels) add(label string) {
	if label == "" {
		label = strconv.Itoa(l.pages + 1)
	}
	n, err := strconv.Atoi(label)
	counts := err == nil && n > 0 && strconv.Itoa(n) == label
	switch {
	case counts && l.last == n-1 && l.last > 0:
	case counts:
		l.ranges = append(l.ranges, fmt.Sprintf("%d << /S /D /St %d >>", l.pages, n))
	default:
		l.ranges = append(l.ranges, fmt.Sprintf("%d << /P %s >>", l.pages, text(plain(label))))
	}
	l.last = 0
	if counts {
		l.last = n
	}
	l.pages++
}

// entry is the catalog's entry.
func (l *pageLabels) entry() string {
	return "/PageLabels << /Nums [" + strings.Join(l.ranges, " ") + "] >>"
}
