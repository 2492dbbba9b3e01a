package pages

// searchMessages are those of page_search.go.
var searchMessages = messages{
	"search.nav":   {"Tìm kiếm", "Recherche", "Search"},
	"search.title": {"Tìm kiếm", "Recherche", "Search"},
}
