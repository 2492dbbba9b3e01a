package main_test

import "testing"

func TestTheWayInIsGoodToLookAtAndToHear(t *testing.T) {
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.survey("login", "/login")
	b.survey("nothing", "/nothing")
}
