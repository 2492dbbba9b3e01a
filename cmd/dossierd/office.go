package main

import (
	"net/url"
	"time"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/procedure"
	"github.com/dossierd/dossierd/web/office"
)

// standing is what the last reload took in.
type standing struct {
	cfg   *config.Config
	rules rules
}

// office tells the API what stands in the settings now.
func (d *daemon) office() office.Office {
	now := d.standing.Load()
	due := reportQuery(time.Time{}, time.Time{}, time.Now().In(now.cfg.Location), now.rules.procedures).Due
	return office.Office{
		Location: now.cfg.Location, Due: due, Stations: officeStations(now.cfg), Subscribers: officeSubscribers(now.cfg),
		Procedures: officeProcedures(now.rules.procedures), Kinds: officeKinds(now.rules.kinds),
	}
}

func officeStations(cfg *config.Config) []office.Station {
	list := make([]office.Station, 0, len(cfg.Stations))
	for _, s := range cfg.Stations {
		list = append(list, office.Station{
			Name: s.Name, Department: s.Department, Language: s.Language, Languages: s.Languages, Grouping: s.Grouping,
			Purpose: s.Purpose, Channel: s.Channel, Batches: []office.Batch{},
		})
	}
	return list
}

func officeSubscribers(cfg *config.Config) []office.Subscriber {
	list := make([]office.Subscriber, 0, len(cfg.Subscribers))
	for _, s := range cfg.Subscribers {
		host := ""
		if u, err := url.Parse(s.URL); err == nil {
			host = u.Host
		}
		list = append(list, office.Subscriber{Name: s.Name, Host: host, Events: s.Events})
	}
	return list
}

func officeProcedures(set *procedure.Set) []office.Procedure {
	list := make([]office.Procedure, 0, len(set.Procedures))
	for _, p := range set.Procedures {
		papers := make([]office.Paper, 0, len(p.Papers))
		for i := range p.Papers {
			paper := &p.Papers[i]
			papers = append(papers, office.Paper{
				Kinds: append([]string{}, paper.Kinds...), Name: office.Text(paper.Name), As: string(paper.As), Min: paper.Min, Max: paper.Max,
				When: office.Text(paper.Words),
			})
		}
		list = append(list, office.Procedure{
			Code: p.Code, Name: office.Text(p.Name), Department: p.Department, Deadline: p.Deadline, Papers: papers,
			Results: append([]string{}, p.Results...), File: p.File.Name,
		})
	}
	return list
}

func officeKinds(kinds *extract.Kinds) []office.Kind {
	all := kinds.All()
	list := make([]office.Kind, 0, len(all))
	for _, k := range all {
		list = append(list, office.Kind{
			Name: k.Name, Title: office.Text{VI: k.Titles["vi"], FR: k.Titles["fr"], EN: k.Titles["en"]}, Identity: k.Identity,
			Fields: k.Fields(), File: k.File, SHA256: k.SHA256, Source: k.Source,
		})
	}
	return list
}
