package access

import (
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// Right is what somebody may do with the records of the own scope.
type Right string

// The rights. Every route asks for one; a route that names none is closed to everybody.
const (
	Anyone   Right = "anyone"   // needs nobody: health, login, the API's description
	Somebody Right = "somebody" // whoever is logged in or bears a token: one's own account

	View       Right = "view"       // deposits, dossiers, their history, pages and objects, the feed
	Search     Right = "search"     // find pages by their text
	Decide     Right = "decide"     // cut, join, move, withdraw; the state of a dossier and the place of its paper
	Correct    Right = "correct"    // what was read: fields and kinds
	Mend       Right = "mend"       // quarantine, deliveries, what is stuck
	Report     Right = "report"     // count what was received, and take lists away
	Administer Right = "administer" // users, settings, the audit log

	Deposit  Right = "deposit"  // upload files: a right of its own, whatever the role
	Erase    Right = "erase"    // destroy dossiers: the same
	Personal Right = "personal" // read what is personal in clear: the same
)

// roleRights is what each role may do. docs/access.md shows it to people.
var roleRights = map[dossier.UserRole][]Right{
	dossier.RoleClerk:         {View, Search, Decide, Correct},
	dossier.RoleArchivist:     {View, Search, Decide, Correct, Report},
	dossier.RoleOperator:      {View, Mend, Report},
	dossier.RoleAdministrator: {View, Search, Decide, Correct, Mend, Report, Administer},
	dossier.RoleCaseSystem:    {View, Search, Decide, Correct, Report},
}

// May reports whether somebody has a right. Which records it is about, the scope says.
func May(who dossier.Principal, right Right) bool {
	known := who.Name != "" && roleRights[who.Role] != nil
	switch right {
	case Anyone:
		return true
	case Somebody:
		return known
	case Deposit:
		return known && who.Deposit
	case Erase:
		return known && who.Erase
	case Personal:
		return known && who.Clear
	case View, Search, Decide, Correct, Mend, Report, Administer:
		return known && slices.Contains(roleRights[who.Role], right)
	}
	return false
}
