package source

import (
	"bytes"
	"encoding/binary"

	"github.com/dossierd/dossierd/dossier"
)

// profileLargest bounds an embedded profile; the largest in use, of offset printing, have 3 MiB.
const profileLargest = 8 << 20

// profileFor returns the profile, without what stands behind its end, if it fits the image and the level. dropped says
// that there was one which does not.
func profileFor(profile []byte, channels int, level dossier.Level) (kept []byte, dropped bool) {
	if len(profile) == 0 {
		return nil, false
	}
	if len(profile) > profileLargest {
		return nil, true
	}
	if len(profile) >= 4 {
		profile = profile[:min(uint32(len(profile)), binary.BigEndian.Uint32(profile))]
	}
	if !dossier.ProfileFits(profile, channels, level) {
		return nil, true
	}
	return bytes.Clone(profile), false
}
