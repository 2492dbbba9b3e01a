package dossier

import "slices"

// UserRole is what somebody is to the records: it says what may be done, a Scope with which of them.
type UserRole string

// Roles of users and tokens.
const (
	RoleClerk         UserRole = "clerk"         // sees the deposits and dossiers of own stations, and decides about them
	RoleArchivist     UserRole = "archivist"     // searches, views and corrects in own departments
	RoleOperator      UserRole = "operator"      // mends what is waiting or in quarantine, and deliveries
	RoleAdministrator UserRole = "administrator" // sees to users and settings too
	RoleCaseSystem    UserRole = "case_system"   // a program with a token
)

// UserRoles lists the roles that a user can have; RoleCaseSystem is for tokens only.
func UserRoles() []UserRole {
	return []UserRole{RoleClerk, RoleArchivist, RoleOperator, RoleAdministrator}
}

// Scope is which records somebody sees. The zero value is none of them.
type Scope struct {
	All         bool     `json:"all,omitempty"`
	Departments []string `json:"departments,omitempty"` // whole departments
	Stations    []string `json:"stations,omitempty"`    // single stations, whatever their department
}

// Sees reports whether a record of a station is in the scope. department is that of the record when it came.
func (s Scope) Sees(department, station string) bool {
	return s.All || slices.Contains(s.Departments, department) || slices.Contains(s.Stations, station)
}

// PrincipalKind is what sort of a principal asks.
type PrincipalKind string

// The kinds of principals.
const (
	KindUser    PrincipalKind = "user"
	KindToken   PrincipalKind = "token"   // a program that bears a token of the settings
	KindCommand PrincipalKind = "command" // somebody at the machine's command line, by the name there
	KindDaemon  PrincipalKind = "daemon"  // dossierd by itself
)

// Principal is who asks: a user or a token. The zero value is nobody and may do nothing.
type Principal struct {
	Kind     PrincipalKind
	Name     string // of the user or token, as audit log and history have it
	Role     UserRole
	Scope    Scope
	Language string // vi, fr, en; "" for that of the settings
	Clear    bool   // may read what is personal in clear
	Deposit  bool   // may upload files
	Erase    bool   // may erase dossiers
}
