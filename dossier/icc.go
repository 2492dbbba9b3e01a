package dossier

import "encoding/binary"

// ProfileFits reports whether PDF/A of the level takes the ICC profile for an image of so many channels: PDF/A-1 knows
// version 2 of the format, PDF/A-2 and 3 up to version 4; of an input, display, output or conversion class, made for
// those channels, with every tag inside it.
func ProfileFits(profile []byte, channels int, level Level) bool {
	const header, entry = 128, 12
	if len(profile) < header+4 || string(profile[36:40]) != "acsp" || int64(binary.BigEndian.Uint32(profile)) != int64(len(profile)) {
		return false
	}
	newest := byte(4)
	if level == Level1b {
		newest = 2
	}
	if profile[8] < 2 || profile[8] > newest {
		return false
	}
	switch string(profile[12:16]) {
	case "scnr", "mntr", "prtr", "spac":
	default:
		return false
	}
	if connection := string(profile[20:24]); connection != "XYZ " && connection != "Lab " {
		return false
	}
	if string(profile[16:20]) != map[int]string{1: "GRAY", 3: "RGB ", 4: "CMYK"}[channels] {
		return false
	}
	count := int64(binary.BigEndian.Uint32(profile[header:]))
	table := header + 4 + count*entry
	if count == 0 || table > int64(len(profile)) {
		return false
	}
	for at := int64(header + 4); at < table; at += entry {
		offset := int64(binary.BigEndian.Uint32(profile[at+4:]))
		size := int64(binary.BigEndian.Uint32(profile[at+8:]))
		if offset < table || offset+size > int64(len(profile)) {
			return false
		}
	}
	return true
}
