package main

import (
	"net/url"
	"slices"
	"time"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/procedure"
	"github.com/dossierd/dossierd/scanners"
	"github.com/dossierd/dossierd/web"
)

// standing is what the last reload took in.
type standing struct {
	cfg   *config.Config
	rules rules
}

// office tells the API what stands in the settings now, and how the stations' folders are.
func (d *daemon) office() web.Office {
	now := d.standing.Load()
	due := reportQuery(time.Time{}, time.Time{}, time.Now().In(now.cfg.Location), now.rules.procedures).Due
	return web.Office{
		Location: now.cfg.Location, Due: due, Stations: officeStations(now.cfg, d.watcher.Status()), Subscribers: officeSubscribers(now.cfg),
		Procedures: officeProcedures(now.rules.procedures), Kinds: officeKinds(now.rules.kinds),
	}
}

func officeStations(cfg *config.Config, folders []scanners.FolderStatus) []web.Station {
	list := make([]web.Station, 0, len(cfg.Stations))
	for _, s := range cfg.Stations {
		st := web.Station{
			Name: s.Name, Department: s.Department, Language: s.Language, Languages: s.Languages, Grouping: s.Grouping,
			Purpose: s.Purpose, Channel: s.Channel, Batches: []web.Batch{},
		}
		if i := slices.IndexFunc(folders, func(f scanners.FolderStatus) bool { return f.Station == s.Name }); i >= 0 {
			f := folders[i]
			st.Online, st.AwaySince, st.AwayReason, st.Paused = f.Reason == "", f.Since, f.Reason, f.Paused
			st.Files, st.Oldest, st.Faults, st.Fault, st.Untold = f.Waiting+f.Claimed, f.Oldest, f.Faults, f.Fault, f.Untold
			for _, b := range f.Batches {
				st.Batches = append(st.Batches, web.Batch{
					Key: b.Key, Since: b.Since, Deposits: b.Deposits, Files: b.Files, Waits: string(b.Waits), Missing: b.Missing,
				})
			}
		}
		list = append(list, st)
	}
	return list
}

func officeSubscribers(cfg *config.Config) []web.Subscriber {
	list := make([]web.Subscriber, 0, len(cfg.Subscribers))
	for _, s := range cfg.Subscribers {
		host := ""
		if u, err := url.Parse(s.URL); err == nil {
			host = u.Host
		}
		list = append(list, web.Subscriber{Name: s.Name, Host: host, Events: s.Events})
	}
	return list
}

func officeProcedures(set *procedure.Set) []web.Procedure {
	list := make([]web.Procedure, 0, len(set.Procedures))
	for _, p := range set.Procedures {
		papers := make([]web.Paper, 0, len(p.Papers))
		for i := range p.Papers {
			paper := &p.Papers[i]
			papers = append(papers, web.Paper{
				Kinds: append([]string{}, paper.Kinds...), Name: web.Text(paper.Name), As: string(paper.As), Min: paper.Min, Max: paper.Max,
				When: web.Text(paper.Words),
			})
		}
		list = append(list, web.Procedure{
			Code: p.Code, Name: web.Text(p.Name), Department: p.Department, Deadline: p.Deadline, Papers: papers,
			Results: append([]string{}, p.Results...), File: p.File.Name,
		})
	}
	return list
}

func officeKinds(kinds *extract.Kinds) []web.Kind {
	all := kinds.All()
	list := make([]web.Kind, 0, len(all))
	for _, k := range all {
		list = append(list, web.Kind{
			Name: k.Name, Title: web.Text{VI: k.Titles["vi"], FR: k.Titles["fr"], EN: k.Titles["en"]}, Identity: k.Identity,
			Fields: k.Fields(), File: k.File, SHA256: k.SHA256,
		})
	}
	return list
}
