package dossier

// Purpose is what the papers are that a station scans.
type Purpose string

// The purposes.
const (
	PurposeReception Purpose = "reception" // what citizens bring
	PurposeResults   Purpose = "results"   // what departments have decided
	PurposeReceipts  Purpose = "receipts"  // what citizens sign when they are given the result
)

// Role is what a paper from a station of this purpose is in its dossier, "" for one that a citizen brought.
func (p Purpose) Role() Role {
	switch p {
	case PurposeResults:
		return RoleResult
	case PurposeReceipts:
		return RoleReceipt
	case PurposeReception:
	}
	return ""
}

// Channel is the way by which papers come.
type Channel string

// The channels.
const (
	ChannelCounter Channel = "counter"
	ChannelOnline  Channel = "online"
)
