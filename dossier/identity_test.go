package dossier

import "testing"

func TestANumberHashesAlikeHoweverItIsWritten(t *testing.T) {
	key, other := IdentityKey("one key of thirty-two characters"), IdentityKey("another of thirty-two characters")
	want := key.Hash("001089012345")
	if len(want) != 64 {
		t.Fatalf("%q", want)
	}
	for _, written := range []string{"001 089 012 345", "001.089.012.345", " 001089012345\n", "001-089-012-345"} {
		if key.Hash(written) != want {
			t.Errorf("%q hashes otherwise", written)
		}
	}
	for _, written := range []string{"001089012346", "01089012345", "", "---"} {
		if key.Hash(written) == want {
			t.Errorf("%q hashes alike", written)
		}
	}
	if other.Hash("001089012345") == want || key.Salt("001089012345") == want || key.Hash(" - ") != "" {
		t.Error("the key or the use is of no account")
	}
	if key.Hash("c1234567") != key.Hash("C1234567") {
		t.Error("case is of account")
	}
}
