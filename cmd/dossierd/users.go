package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// userFlags are what `users add` and `users change` say of a user.
type userFlags struct {
	role, language        string
	departments, stations []string
	all, clear, erase     bool
}

func (f *userFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.role, "role", "", "`ROLE`: "+strings.Join(userRoles(), ", "))
	flags.StringSliceVar(&f.departments, "department", nil, "sees the records of department `NAME`; may be given several times")
	flags.StringSliceVar(&f.stations, "station", nil, "sees the records of station `NAME`; may be given several times")
	flags.BoolVar(&f.all, "all", false, "sees all records")
	flags.StringVar(&f.language, "language", "", "`NAME` of the language: vi, fr or en (default: that of the settings)")
	flags.BoolVar(&f.clear, "clear", false, "may read what is personal; each read is logged")
	flags.BoolVar(&f.erase, "erase", false, "may erase dossiers for good")
	completeWith(cmd, "role", userRoles())
	completeWith(cmd, "language", languages)
}

var languages = []string{"vi", "fr", "en"}

func userRoles() []string { return names(dossier.UserRoles()) }

// apply puts the flags that were given into u.
func (f *userFlags) apply(cmd *cobra.Command, u *catalog.User) {
	given := cmd.Flags().Changed
	if given("role") {
		u.Role = dossier.UserRole(f.role)
	}
	if given("department") || given("station") || given("all") {
		u.Departments, u.Stations, u.All = f.departments, f.stations, f.all
	}
	if given("language") {
		u.Language = f.language
	}
	if given("clear") {
		u.Clear = f.clear
	}
	if given("erase") {
		u.Erase = f.erase
	}
}

// check says what is wrong with a user.
func (a *app) checkUser(u catalog.User) error {
	switch {
	case !catalog.ValidUserName(u.Name):
		return errors.New(a.words.say("user_name", u.Name))
	case !slices.Contains(dossier.UserRoles(), u.Role):
		return a.oneOf("--role", string(u.Role), userRoles())
	case u.Language != "" && !slices.Contains(languages, u.Language):
		return a.oneOf("--language", u.Language, languages)
	case !u.All && len(u.Departments)+len(u.Stations) == 0:
		return errors.New(a.words.say("user_sees_nothing"))
	}
	return nil
}

func (a *app) usersCommand() *cobra.Command {
	about := &cobra.Command{Use: "users", Short: "List, add or change those who may log in"}
	return a.group(about, a.usersList(), a.usersAdd(), a.usersChange(), a.usersDisable(true), a.usersDisable(false), &cobra.Command{
		Use:     "link NAME",
		Short:   "Make a link by which a user sets a password, once, within a day",
		Example: "  dossierd users link hoa",
		Args:    a.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withCatalogue(cmd.Context(), func(cfg *config.Config, c *catalog.Catalog) error {
				return a.printLink(cmd.Context(), cfg, c, args[0])
			})
		},
	})
}

func (a *app) usersList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List users by their names",
		Example: "  dossierd users list",
		Args:    a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withCatalogue(cmd.Context(), func(_ *config.Config, c *catalog.Catalog) error {
				users, err := c.Users(cmd.Context())
				if err != nil {
					return err
				}
				return list(a.stdout, asJSON, a.words.say("users_head"), users, func(u catalog.User) []string {
					login := "-"
					if !u.LoginAt.IsZero() {
						login = u.LoginAt.Local().Format(time.DateTime)
					}
					return []string{u.Name, string(u.Role), a.scopeText(u.Principal().Scope), rightsText(u.Principal()), a.words.say(userState(u)), login}
				})
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "a JSON object a line")
	return cmd
}

// userState is the key of the words for how a user stands.
func userState(u catalog.User) string {
	switch {
	case u.Disabled:
		return "user_disabled"
	case u.HasPassword || u.ProviderID != "":
		return "user_good"
	}
	return "user_new"
}

func (a *app) scopeText(s dossier.Scope) string {
	if s.All {
		return a.words.say("sees_all")
	}
	return cmp.Or(strings.Join(append(slices.Clone(s.Departments), s.Stations...), ", "), "-")
}

func rightsText(p dossier.Principal) string {
	var rights []string
	for _, r := range []struct {
		has  bool
		name string
	}{{p.Clear, "clear"}, {p.Deposit, "deposit"}, {p.Erase, "erase"}} {
		if r.has {
			rights = append(rights, r.name)
		}
	}
	return cmp.Or(strings.Join(rights, ", "), "-")
}

func (a *app) usersAdd() *cobra.Command {
	var f userFlags
	cmd := &cobra.Command{
		Use:     "add NAME",
		Short:   "Add a user, and make the link by which a password is set",
		Example: "  dossierd users add hoa --role clerk --station quay-1 --language vi",
		Args:    a.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			u := catalog.User{Name: args[0]}
			f.apply(cmd, &u)
			if err := a.checkUser(u); err != nil {
				return err
			}
			return a.withCatalogue(cmd.Context(), func(cfg *config.Config, c *catalog.Catalog) error {
				err := c.AddUser(cmd.Context(), u, operator())
				if errors.Is(err, catalog.ErrTaken) {
					return errors.New(a.words.say("user_taken", u.Name))
				}
				if err != nil {
					return err
				}
				return a.printLink(cmd.Context(), cfg, c, u.Name)
			})
		},
	}
	f.register(cmd)
	return cmd
}

func (a *app) usersChange() *cobra.Command {
	var f userFlags
	cmd := &cobra.Command{
		Use:     "change NAME",
		Short:   "Change what a user is, sees and may; whoever is logged in by that name is logged out",
		Example: "  dossierd users change hoa --role archivist --department so-tu-phap",
		Args:    a.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.changeUser(cmd.Context(), args[0], func(u *catalog.User) { f.apply(cmd, u) })
		},
	}
	f.register(cmd)
	return cmd
}

func (a *app) usersDisable(disabled bool) *cobra.Command {
	cmd := &cobra.Command{
		Use: "enable NAME", Short: "Let a user log in again", Example: "  dossierd users enable hoa",
		Args: a.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.changeUser(cmd.Context(), args[0], func(u *catalog.User) { u.Disabled = disabled })
		},
	}
	if disabled {
		cmd.Use, cmd.Short, cmd.Example = "disable NAME", "Let a user in no more, at once", "  dossierd users disable hoa"
	}
	return cmd
}

func (a *app) changeUser(ctx context.Context, name string, change func(*catalog.User)) error {
	return a.withCatalogue(ctx, func(_ *config.Config, c *catalog.Catalog) error {
		u, err := c.User(ctx, name)
		if errors.Is(err, catalog.ErrNotFound) {
			return errors.New(a.words.say("no_such_user", name))
		}
		if err != nil {
			return err
		}
		change(&u)
		if err := a.checkUser(u); err != nil {
			return err
		}
		if err := c.ChangeUser(ctx, u, operator()); err != nil {
			return err
		}
		fmt.Fprintln(a.stdout, a.words.say("user_changed", u.Name, string(u.Role), a.scopeText(u.Principal().Scope), a.words.say(userState(u))))
		return nil
	})
}

func (a *app) printLink(ctx context.Context, cfg *config.Config, c *catalog.Catalog, name string) error {
	path, err := access.NewLink(ctx, c, name, operator())
	if errors.Is(err, catalog.ErrNotFound) {
		return errors.New(a.words.say("no_such_user", name))
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, a.words.say("user_link", name))
	fmt.Fprintln(a.stdout, baseURL(cfg)+path)
	return nil
}

// operator is who types, as the machine knows that one.
func operator() dossier.Principal {
	p := dossier.Principal{Kind: dossier.KindCommand, Name: "?", Scope: catalog.Everything()}
	if u, err := user.Current(); err == nil {
		p.Name = u.Username
	}
	return p
}
