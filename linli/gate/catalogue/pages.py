from django.http import HttpResponse


def edition(request, pk):
    return HttpResponse("")
