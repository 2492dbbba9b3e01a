package pages

import "html/template"

// iconShapes are drawn on 24 by 24, in strokes.
var iconShapes = map[string]string{
	"search":   `<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>`,
	"globe":    `<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>`,
	"check":    `<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
	"leave":    `<path d="M14 4H5v16h9M10 12h11m-4-4 4 4-4 4"/>`,
	"info":     `<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.2v.1"/>`,
	"good":     `<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.8L16.2 9.5"/>`,
	"warn":     `<path d="M12 3.5 2.5 20h19zM12 10v5M12 17.4v.1"/>`,
	"bad":      `<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v6M12 16.4v.1"/>`,
	"page":     `<path d="M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7"/>`,
	"folder":   `<path d="M3 6h6l2 2h10v11H3z"/>`,
	"download": `<path d="M12 4v11m-5-5 5 5 5-5M4 20h16"/>`,
	"star":     `<path d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z"/>`,
	"bin":      `<path d="M4 6h16M9 6V4h6v2M6 6l1 15h10l1-15M10 10v7M14 10v7"/>`,
	"close":    `<path d="m6 6 12 12M18 6 6 18"/>`,
	"next":     `<path d="m9 5 7 7-7 7"/>`,
	"back":     `<path d="m15 5-7 7 7 7"/>`,
	"down":     `<path d="m5 9 7 7 7-7"/>`,
	"clock":    `<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>`,
	"user":     `<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7"/>`,
	"edit":     `<path d="m4 20 1-5L16 4l4 4L9 19zM14 6l4 4"/>`,
	"again":    `<path d="M20 5v5h-5M4 19v-5h5M19.5 10A8 8 0 0 0 5.5 7.5M4.5 14a8 8 0 0 0 14 2.5"/>`,
	"sound":    `<path d="M4 9v6h4l5 4V5L8 9zM16.5 8.5a5 5 0 0 1 0 7M19 6a9 9 0 0 1 0 12"/>`,
	"plus":     `<path d="M12 5v14M5 12h14"/>`,
	"target":   `<circle cx="12" cy="12" r="6.5"/><path d="M12 2.5v6M12 15.5v6M2.5 12h6M15.5 12h6"/>`,
	"filter":   `<path d="M3 5h18l-7 8v6l-4 2v-8z"/>`,
}

// icon is a small picture in the colour of the text around it. It says nothing that the text does not.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + iconShapes[name] + `</svg>`) // our own
}
