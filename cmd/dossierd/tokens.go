package main

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/web/access"
)

func (a *app) tokensCommand() *cobra.Command {
	var asJSON bool
	lister := &cobra.Command{
		Use:     "list",
		Short:   "List the tokens of the settings",
		Example: "  dossierd tokens list",
		Args:    a.arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			return list(a.stdout, asJSON, a.words.say("tokens_head"), tokensOf(accessConfig(cfg)), func(t tokenInfo) []string {
				return []string{t.Name, string(t.Role), a.scopeText(t.scope), t.rights, a.expiry(t.Expires)}
			})
		},
	}
	lister.Flags().BoolVar(&asJSON, "json", false, "a JSON object a line")
	about := &cobra.Command{Use: "tokens", Short: "List the tokens of programs, or make one"}
	return a.group(about, lister, a.tokensNew())
}

// tokenInfo is what is told of a token: nothing that lets anybody in.
type tokenInfo struct {
	Name        string           `json:"name"`
	Role        dossier.UserRole `json:"role"`
	Departments []string         `json:"departments,omitempty"`
	Stations    []string         `json:"stations,omitempty"`
	Clear       bool             `json:"clear,omitempty"`
	Deposit     bool             `json:"deposit,omitempty"`
	Erase       bool             `json:"erase,omitempty"`
	Expires     time.Time        `json:"expires,omitzero"`

	scope  dossier.Scope
	rights string
}

func tokensOf(c access.Config) []tokenInfo {
	list := make([]tokenInfo, 0, len(c.Tokens))
	for _, t := range c.Tokens {
		p := t.Principal
		list = append(list, tokenInfo{
			Name: p.Name, Role: p.Role, Departments: p.Scope.Departments, Stations: p.Scope.Stations, Clear: p.Clear, Deposit: p.Deposit,
			Erase: p.Erase, Expires: t.Expires, scope: p.Scope, rights: rightsText(p),
		})
	}
	return list
}

func (a *app) expiry(at time.Time) string {
	switch {
	case at.IsZero():
		return "-"
	case time.Now().After(at):
		return a.words.say("token_expired", at.AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return at.AddDate(0, 0, -1).Format(time.DateOnly)
}

func (a *app) tokensNew() *cobra.Command {
	t := config.Token{}
	cmd := &cobra.Command{
		Use:     "new NAME",
		Short:   "Make a token, and the line that lets its bearer in",
		Example: "  dossierd tokens new portal --deposit --station quay-online --expires 2027-12-31",
		Args:    a.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t.Name = args[0]
			given := cmd.Flags().Changed
			if given("department") && len(t.Departments) == 0 || given("station") && len(t.Stations) == 0 {
				return errors.New(a.words.say("token_scope"))
			}
			if err := a.checkToken(t); err != nil {
				return err
			}
			var b [32]byte
			_, _ = rand.Read(b[:]) // never fails
			secret := "dos_" + base64.RawURLEncoding.EncodeToString(b[:])
			sum := sha256.Sum256([]byte(secret))
			t.SHA256 = hex.EncodeToString(sum[:])
			fmt.Fprintln(a.stdout, a.words.say("token_made"))
			fmt.Fprintln(a.stdout, secret)
			fmt.Fprintln(a.stdout, a.words.say("token_line"))
			fmt.Fprintln(a.stdout, tokenLine(t))
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&t.Role, "role", "", "`ROLE`: "+strings.Join(tokenRoles(), ", "))
	flags.StringSliceVar(&t.Departments, "department", nil, "sees the records of department `NAME`; may be given several times")
	flags.StringSliceVar(&t.Stations, "station", nil, "sees the records of station `NAME`; may be given several times")
	flags.BoolVar(&t.Deposit, "deposit", false, "may upload files")
	flags.BoolVar(&t.Erase, "erase", false, "may erase dossiers for good")
	flags.StringVar(&t.Expires, "expires", "", "last `DAY` on which it is good, as 2027-12-31 (default: for good)")
	completeWith(cmd, "role", tokenRoles())
	return cmd
}

func tokenRoles() []string { return append([]string{string(dossier.RoleCaseSystem)}, userRoles()...) }

func (a *app) checkToken(t config.Token) error {
	if !config.ValidName(t.Name) {
		return errors.New(a.words.say("token_name", t.Name))
	}
	if t.Expires != "" {
		if _, err := time.Parse(time.DateOnly, t.Expires); err != nil {
			return errors.New(a.words.say("token_day", t.Expires))
		}
	}
	return a.oneOf("--role", cmp.Or(t.Role, string(dossier.RoleCaseSystem)), tokenRoles())
}

// tokenLine is what goes into the settings.
func tokenLine(t config.Token) string {
	parts := []string{"name: " + t.Name, "sha256: " + t.SHA256}
	if t.Role != "" {
		parts = append(parts, "role: "+t.Role)
	}
	for _, of := range []struct {
		key  string
		list []string
	}{{"departments", t.Departments}, {"stations", t.Stations}} {
		if len(of.list) > 0 {
			var names []string
			for _, name := range of.list { // of which a #, say, would make a comment
				names = append(names, strconv.Quote(name))
			}
			parts = append(parts, fmt.Sprintf("%s: [%s]", of.key, strings.Join(names, ", ")))
		}
	}
	if t.Expires != "" {
		parts = append(parts, "expires: "+t.Expires)
	}
	if t.Deposit {
		parts = append(parts, "deposit: true")
	}
	if t.Erase {
		parts = append(parts, "erase: true")
	}
	return "    - {" + strings.Join(parts, ", ") + "}"
}
