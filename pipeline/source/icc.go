package source

import (
	"bytes"
	"encoding/binary"

	"github.com/dossierd/dossierd/dossier"
)

// profileLargest bounds an embedded profile; the largest in use, of offset printing, have 3 MiB.
const profileLargest = 8 << 20

// profileFits reports whether PDF/A of any level takes the ICC profile for an image of so many channels: a whole
// profile of an input, display, output or conversion class, made for those channels.
func profileFits(profile []byte, channels int) bool {
	const headerBytes = 128
	if len(profile) < headerBytes || len(profile) > profileLargest {
		return false
	}
	size := binary.BigEndian.Uint32(profile)
	if int64(size) > int64(len(profile)) || size < headerBytes || string(profile[36:40]) != "acsp" || profile[8] >= 5 {
		return false
	}
	switch string(profile[12:16]) {
	case "scnr", "mntr", "prtr", "spac":
	default:
		return false
	}
	switch channels {
	case 1:
		return string(profile[16:20]) == "GRAY"
	case 3:
		return string(profile[16:20]) == "RGB "
	case 4:
		return string(profile[16:20]) == "CMYK"
	}
	return false
}

// profileFor returns the profile if it fits the image and the level: PDF/A-1 knows version 2 only. dropped says that
// there was one which does not.
func profileFor(profile []byte, channels int, level dossier.Level) (kept []byte, dropped bool) {
	if len(profile) == 0 {
		return nil, false
	}
	if !profileFits(profile, channels) || level == dossier.Level1b && profile[8] > 2 {
		return nil, true
	}
	return bytes.Clone(profile[:binary.BigEndian.Uint32(profile)]), false
}
