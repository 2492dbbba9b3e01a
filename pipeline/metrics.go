package pipeline

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// Metrics counts what the pipeline does.
type Metrics struct {
	deposits   *prometheus.CounterVec
	pages      *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	cpu        *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	looks      *prometheus.CounterVec
	verdicts   *prometheus.CounterVec
}

// NewMetrics registers the pipeline's metrics.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		deposits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dossierd_deposits_total", Help: "Deposits by station and the state they came to.",
		}, []string{"station", "state"}),
		pages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dossierd_pages_total", Help: "Pages by outcome: read, blank, pdf_text, reused, unread (image without text), placeholder.",
		}, []string{"outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dossierd_step_duration_seconds", Help: "Time taken by one run of a step: intake, read, assemble, deliver.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"step"}),
		cpu: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dossierd_worker_cpu_seconds_total", Help: "CPU time of page workers by use: ocr, look, other.",
		}, []string{"use"}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dossierd_delivery_attempts_total", Help: "Attempts to deliver an event, by subscriber and outcome: delivered, retry, gone, dead.",
		}, []string{"subscriber", "outcome"}),
	}
	m.looks = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "dossierd_looks_total", Help: "Glances at pages by outcome: looked, skipped, refused, lost.",
	}, []string{"outcome"})
	m.verdicts = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "dossierd_verdicts_total", Help: "What glances at pages found, by verdict.",
	}, []string{"verdict"})
	r.MustRegister(m.looks, m.verdicts, m.deposits, m.pages, m.seconds, m.cpu, m.deliveries)
	return m
}

// step times one run of a step; call what it returns when the step is over.
func (m *Metrics) step(name string) func() {
	start := time.Now()
	return func() { m.seconds.WithLabelValues(name).Observe(time.Since(start).Seconds()) }
}

func (m *Metrics) page(r *ocr.Reading) {
	outcome := "read"
	switch {
	case r.Page.Image.Format == "":
		outcome = "placeholder"
	case r.Page.Blank:
		outcome = "blank"
	case r.Page.Layout.Source == dossier.TextPDF:
		outcome = "pdf_text"
	case r.Page.Layout.Source == dossier.TextNone:
		outcome = "unread"
	}
	m.pages.WithLabelValues(outcome).Inc()
	m.cpu.WithLabelValues("ocr").Add(r.OCR.Seconds())
	m.cpu.WithLabelValues("other").Add((r.CPU - r.OCR).Seconds())
	if r.Look != nil {
		m.judged(r.Look)
	}
}

func (m *Metrics) look(l *ocr.Looked) {
	outcome := "looked"
	if l.Look.Skipped != "" {
		outcome = "skipped"
	}
	m.looks.WithLabelValues(outcome).Inc()
	m.cpu.WithLabelValues("look").Add(l.CPU.Seconds())
	m.judged(&l.Look)
}

func (m *Metrics) judged(l *dossier.Look) {
	for _, code := range l.Verdicts {
		m.verdicts.WithLabelValues(string(code)).Inc()
	}
}
