// Package search owns the words of searching: what a word of a page is, what people may ask, and which words are alike.
//
// One tokenizer feeds every index and reads every question, so that what is asked for is what was indexed. The package knows no
// database and no page: it gets text, which is the words of a layout in reading order with a blank between the words of a
// line and "\n" between lines.
package search
