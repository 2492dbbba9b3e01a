package pages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// families are the messages whose key ends in something that comes from data, by the beginning of the key, and what it can end in.
var families = map[string][]string{
	"role.": {
		string(dossier.RoleClerk), string(dossier.RoleArchivist), string(dossier.RoleOperator), string(dossier.RoleAdministrator), string(dossier.RoleCaseSystem),
	},
	"password.":     {string(access.PasswordShort), string(access.PasswordLong), string(access.PasswordName)},
	"search.field.": {"department", "station", "procedure", "kind", "year", "code", "from", "to", "confidence"},
	"search.order.": {string(catalog.OrderRelevance), string(catalog.OrderNewest), string(catalog.OrderOldest)},
	"search.cut.":   {string(catalog.ShortOfWords), string(catalog.ShortOfPages), string(catalog.ShortOfOrder)},
	"mark.":         {string(search.Exact), string(search.Folded), string(search.Similar)},
	"mark.sample.":  {string(search.Exact), string(search.Folded), string(search.Similar)},
	"layout.theme.": {"auto", "light", "dark"},
	"board.state.": {
		string(dossier.StateReceived), string(dossier.StateReading), string(dossier.StateAssembling), string(dossier.StatePublished),
		string(dossier.StateDuplicate), string(dossier.StateRejected), "read",
	},
	"board.paper.":    {"there", "missing", "undecided", "by_eye"},
	"waiting.who.":    {seenToByMe, seenToByNobody},
	"waiting.waits.":  {"", "more", "whole", "intake", "missing", "ticket", "reading"},
	"waiting.told.":   {"retry", "assign", "dismiss"},
	"report.by.":      {string(catalog.ByDepartment), string(catalog.ByStation), string(catalog.ByProcedure), string(catalog.ByClerk)},
	"report.part.":    {"published", "waiting", "duplicates", "rejected", "median", "p95"},
	"health.state.":   {"good", "warning", "missing"},
	"admin.grouping.": {"file", "folder", "prefix", "ticket", "separator"},
	"admin.purpose.":  {"reception", "results", "receipts"},
	"admin.channel.":  {"counter", "online"},
	"audit.action.":   auditActionNames(),

	"whole.do.":     {"join", "reassign", "withdraw", "erase"},
	"whole.now.":    {"join", "reassign", "withdraw", "erase"},
	"whole.misfit.": {"join", "reassign", "withdraw", "erase"},
	"whole.lead.":   {"join", "reassign"},
	"whole.to.":     {"join", "reassign"},
	"whole.sort.":   {"comes", "goes", "stays"},
	"stone.left.":   {string(catalog.DispositionPending), string(catalog.DispositionDestroyed), string(catalog.DispositionRetained)},

	"dossier.state.":      {"received", "digitised", "transferred", "result_received", "returned", "withdrawn", "erased"},
	"dossier.ended.":      {"withdrawn", "erased"},
	"dossier.ended-text.": {"withdrawn", "erased"},
	"history.state.":      {"received", "transferred", "result_received", "returned"},
	"paper.role.":         {string(dossier.RoleResult), string(dossier.RoleReceipt)},
	"page.out.":           {"blank", "slip", "separator", "removed", "replaced"},
	"fields.warning.":     {dossier.WarnHandwritten, dossier.WarnDisagree, dossier.WarnRepaired, dossier.WarnUnsure, "forced"},
	"check.state.":        {"here", "missing", "undecided", "by_eye", "unexpected", "unrecognised"},
	"compare.state.":      {"same", "moved", "came", "gone"},
	"decide.misfit.":      {"cut", "cut-dossier", "join", "move", "arrange", "restore", "other"},

	"delivery.state.": {string(catalog.DeliveryPending), string(catalog.DeliveryDelivered), string(catalog.DeliveryDead)},
}

func auditActionNames() (names []string) {
	for _, a := range auditActions {
		names = append(names, string(a))
	}
	return names
}

func TestEveryMessageIsThereInAllLanguages(t *testing.T) {
	for key, texts := range allMessages {
		for i, text := range texts {
			if strings.TrimSpace(text) == "" || text != strings.TrimSpace(text) {
				t.Errorf("%s in %s: %q", key, languages[i], text)
			}
			if forms := strings.Count(text, "|") + 1; forms > 2 || languages[i] == "vi" && forms > 1 {
				t.Errorf("%s in %s has %d forms", key, languages[i], forms)
			}
			for form := range strings.SplitSeq(text, "|") {
				if want := verbs(texts[0]); !slices.Equal(verbs(form), want) {
					t.Errorf("%s in %s takes %q, in vi %q", key, languages[i], verbs(form), want)
				}
			}
		}
	}
}

var verb = regexp.MustCompile(`%(\[(\d)\])?([a-z%])`)

// verbs are what a format does with its arguments, in the order of the arguments.
func verbs(format string) []string {
	var list []string
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[3] == "%" {
			continue
		}
		list = append(list, m[2]+m[3])
	}
	if strings.Contains(format, "%[") {
		slices.Sort(list)
		return slices.Compact(list)
	}
	for i, v := range list {
		list[i] = strconv.Itoa(i+1) + v
	}
	return list
}

func TestNoMessageIsInTwoCatalogues(t *testing.T) {
	parts := []messages{
		commonMessages, accountMessages, searchMessages, dossierMessages, wholeMessages, boardMessages, waitingMessages, deliveryMessages,
		reportMessages, adminMessages, kindMessages,
	}
	n := 0
	for _, part := range parts {
		n += len(part)
	}
	if n != len(allMessages) {
		t.Errorf("%d messages in the parts, %d in all", n, len(allMessages))
	}
}

func TestEveryKeyIsKnownAndEveryMessageUsed(t *testing.T) {
	used := map[string]bool{}
	for prefix, ends := range families {
		for _, end := range ends {
			used[prefix+end] = true
		}
	}
	exact, begun := keysOfTemplates(t), map[string]bool{}
	for key := range exact {
		if strings.HasSuffix(key, ".") {
			begun[key] = true
			delete(exact, key)
		}
	}
	for prefix := range begun {
		if families[prefix] == nil {
			t.Errorf("a template makes keys that begin with %s: name what they end in", prefix)
		}
	}
	for key := range exact {
		used[key] = true
	}
	for key := range used {
		if _, ok := allMessages[key]; !ok {
			t.Errorf("no catalogue has %s", key)
		}
	}
	literals := literalsOfGo(t)
	for key := range allMessages {
		if !used[key] && !literals[key] {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// keysOfTemplates are the constants that templates give to t, alone or as the first of a print: the beginnings of families.
func keysOfTemplates(t *testing.T) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	for name, tree := range trees(t) {
		walk(tree, func(n parse.Node) {
			cmd, ok := n.(*parse.CommandNode)
			if !ok || len(cmd.Args) < 2 || cmd.Args[0].String() != "t" {
				return
			}
			switch arg := cmd.Args[1].(type) {
			case *parse.StringNode:
				keys[arg.Text] = true
			case *parse.PipeNode:
				inner := arg.Cmds[0].Args
				if first, ok := inner[min(1, len(inner)-1)].(*parse.StringNode); ok && inner[0].String() == "print" && strings.HasSuffix(first.Text, ".") {
					keys[first.Text] = true
				} else {
					t.Errorf("%s: %s: only a family (\"beginning.\") can be printed together", name, cmd)
				}
			}
		})
	}
	return keys
}

// literalsOfGo are the texts that stand in the package's Go files, but for those that are keys of catalogues.
func literalsOfGo(t *testing.T) map[string]bool {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasPrefix(f.Name(), "messages_") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					found[text] = true
				}
			}
			return true
		})
	}
	return found
}

// trees are all templates, parsed, by file and name.
func trees(t *testing.T) map[string]*parse.Tree {
	t.Helper()
	all := map[string]*parse.Tree{}
	err := fs.WalkDir(templateFiles, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := templateFiles.ReadFile(path)
		if err != nil {
			return err
		}
		set := map[string]*parse.Tree{}
		root := parse.New(path)
		root.Mode = parse.SkipFuncCheck
		if _, err := root.Parse(string(text), "", "", set); err != nil {
			return err
		}
		for name, tree := range set {
			all[path+" "+name] = tree
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func walk(tree *parse.Tree, visit func(parse.Node)) {
	var node func(parse.Node)
	branch := func(b *parse.BranchNode) {
		node(b.Pipe)
		node(b.List)
		if b.ElseList != nil {
			node(b.ElseList)
		}
	}
	node = func(n parse.Node) {
		visit(n)
		switch n := n.(type) {
		case *parse.ListNode:
			for _, child := range n.Nodes {
				node(child)
			}
		case *parse.ActionNode:
			node(n.Pipe)
		case *parse.TemplateNode:
			if n.Pipe != nil {
				node(n.Pipe)
			}
		case *parse.PipeNode:
			for _, cmd := range n.Cmds {
				node(cmd)
			}
		case *parse.CommandNode:
			for _, arg := range n.Args {
				if pipe, ok := arg.(*parse.PipeNode); ok {
					node(pipe)
				}
			}
		case *parse.IfNode:
			branch(&n.BranchNode)
		case *parse.RangeNode:
			branch(&n.BranchNode)
		case *parse.WithNode:
			branch(&n.BranchNode)
		}
	}
	if tree.Root != nil {
		node(tree.Root)
	}
}

// read aloud or seen: the attributes whose value is for people.
var shown = []string{"title", "alt", "placeholder", "aria-label", "aria-description", "label", "data-confirm"}

func TestNoTemplateSaysAnythingByItself(t *testing.T) {
	err := fs.WalkDir(templateFiles, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := templateFiles.ReadFile(path)
		if err != nil {
			return err
		}
		bare := regexp.MustCompile(`(?s)\{\{.*?\}\}`).ReplaceAllString(string(text), "")
		bare = strings.NewReplacer("<noscript>", "", "</noscript>", "").Replace(bare) // the tokenizer takes what is in it for text
		z := html.NewTokenizer(strings.NewReader(bare))
		skip := ""
		for {
			switch z.Next() {
			case html.ErrorToken:
				return nil
			case html.StartTagToken, html.SelfClosingTagToken:
				tag := z.Token()
				if tag.Data == "kbd" || tag.Data == "svg" || tag.Data == "code" { // examples are what people type
					skip = tag.Data
				}
				for _, a := range tag.Attr {
					if slices.Contains(shown, a.Key) && strings.ContainsFunc(a.Val, unicode.IsLetter) {
						t.Errorf("%s says %q in %s", path, a.Val, a.Key)
					}
				}
			case html.EndTagToken:
				if tag := z.Token(); tag.Data == skip {
					skip = ""
				}
			case html.TextToken:
				said := strings.ReplaceAll(string(z.Text()), "dossierd", "")
				if skip == "" && strings.ContainsFunc(said, unicode.IsLetter) {
					t.Errorf("%s says %q", path, strings.TrimSpace(said))
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNumbersAndTimesAreWrittenAsTheLanguageHasThem(t *testing.T) {
	at := time.Date(2026, 3, 5, 9, 7, 0, 0, time.UTC)
	for lang, want := range map[string][]string{
		"vi": {"12.345 ngày trước", "1 ngày trước", "05/03/2026", "09:07 05/03/2026", "59%", "1,5\u00a0MB"},
		"fr": {"il y a 12\u00a0345 jours", "il y a 1 jour", "05/03/2026", "05/03/2026 à 09 h 07", "59\u00a0%", "1,5\u00a0Mo"},
		"en": {"12,345 days ago", "1 day ago", "5 March 2026", "5 March 2026, 09:07", "59%", "1.5\u00a0MB"},
	} {
		got := []string{
			say(lang, "ago.days", 12345), ago(lang, 25*time.Hour), onDay(lang, at), atTime(lang, at), percent(lang, .59), size(lang, 1_500_000),
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
